package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first page a newcomer reads says what the command does. */
class ReadmeTest {
  private String readme;

  @BeforeEach
  void read() throws IOException {
    readme = Files.readString(Path.of("").toAbsolutePath().resolveSibling("README.md"));
  }

  @Test
  void shouldListEveryExitCode() {
    for (ExitCode code : ExitCode.values()) {
      String row = "| " + code.number() + " | " + code.meaning() + " |\n";
      assertTrue(readme.contains(row), row);
    }
  }

  @Test
  void shouldNameEveryVariable() {
    HelpCommand.ENVIRONMENT
        .lines()
        .map(line -> line.replaceAll(" .*", ""))
        .filter(word -> word.startsWith("HOLDFAST_"))
        .forEach(variable -> assertTrue(readme.contains("`" + variable + "`"), variable));
  }
}
