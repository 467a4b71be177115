package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Whatever a message tells people to type is a command, by the name that the help gives it. */
class CommandsInMessagesTest {
  private static final List<String> MODULES = List.of("common", "agent", "coordinator", "deploy");

  /** What joins the parts of one text over lines. */
  private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

  /** What is hashed or written into a file, and told to nobody. */
  private static final Set<String> LABELS =
      Set.of(
          "holdfast wal archive 1",
          "holdfast series",
          "holdfast spread",
          "holdfast scheduled run",
          "holdfast scheduled job");

  /** Nor a label with a version, such as "holdfast v1 commit". */
  private static final Pattern COMMAND =
      Pattern.compile("(?<![\\w/.-])holdfast((?: [a-z][a-z-]*(?![\\w.:/]))+)");

  private final CommandLine root =
      HoldfastCommand.build(
          new Shell(
              new ByteArrayInputStream(new byte[0]),
              new PrintStream(OutputStream.nullOutputStream()),
              new PrintStream(OutputStream.nullOutputStream()),
              name -> Optional.empty(),
              null,
              null,
              ZoneOffset.UTC,
              null,
              null),
          "help");

  private static Path module(String name) {
    Path here = Path.of("").toAbsolutePath();
    return (Files.exists(here.resolve("proto")) ? here : here.getParent()).resolve(name);
  }

  /** What is wrong with the words after {@code holdfast}, if anything is. */
  private Optional<String> fault(List<String> words) {
    CommandLine at = root;
    for (String word : words) {
      CommandLine next = at.getSubcommands().get(word);
      if (next == null) {
        return at.getSubcommands().isEmpty() // the rest is said of it, or are its arguments
            ? Optional.empty()
            : Optional.of("no command is called " + word);
      }
      if (!next.getCommandName().equals(word)) {
        return Optional.of(word + " is called " + next.getCommandName());
      }
      at = next;
    }
    return Optional.empty();
  }

  private List<String> faults(String source) {
    List<String> found = new ArrayList<>();
    Matcher text = TEXT.matcher(JOINT.matcher(source).replaceAll(""));
    while (text.find()) {
      Matcher command = COMMAND.matcher(text.group(1));
      while (command.find() && !LABELS.contains(text.group(1).strip())) {
        fault(List.of(command.group(1).strip().split(" ")))
            .ifPresent(fault -> found.add(command.group() + ": " + fault));
      }
    }
    return found;
  }

  @Test
  void everyCommandInAMessageShouldBeThere() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    for (String module : MODULES) {
      try (Stream<Path> all = Files.walk(module(module).resolve("src/main/java"))) {
        for (Path file : all.filter(each -> each.toString().endsWith(".java")).toList()) {
          files++;
          faults(Files.readString(file))
              .forEach(fault -> found.add(file.getFileName() + ": " + fault));
        }
      }
    }
    assertTrue(files > 500, "read " + files);
    assertEquals(List.of(), found);
  }

  @Test
  void shouldFindWhatIsWrong() {
    String wrong = "x(\"see: holdfast host \"\n    + \"list\"); y(\"`holdfast hots ls`\");";
    assertEquals(
        List.of(
            "holdfast host list: list is called ls", "holdfast hots ls: no command is called hots"),
        faults(wrong));
    assertEquals(
        List.of(),
        faults("\"holdfast v1 commit\" \"/etc/holdfast and\" \"holdfast job show 3 does\""));
  }
}
