package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest extends CommandLineFixture {
  private static List<CommandLine> leaves(CommandLine command) {
    List<CommandLine> found = new ArrayList<>();
    command.getSubcommands().values().forEach(sub -> found.addAll(leaves(sub)));
    return found.isEmpty() ? List.of(command) : found;
  }

  private static CommandLine commandLine() {
    return HoldfastCommand.build(shell());
  }

  private static Shell shell() {
    return new Shell(
        System.in,
        System.out,
        System.err,
        name -> Optional.empty(),
        null,
        null,
        ZoneOffset.UTC,
        null,
        null);
  }

  @Test
  void everyCommandExplainsItselfAndTakesTheGlobalOptions() {
    for (CommandLine leaf : leaves(commandLine())) {
      String name = leaf.getCommandSpec().qualifiedName();
      List<String> words = new ArrayList<>(List.of(name.split(" ", -1)));
      words.removeFirst();
      words.add("--help");
      String help = runWell(words.toArray(String[]::new));
      assertTrue(help.contains("Usage: " + name), help);
      assertTrue(help.contains("--json") && help.contains("--socket"), name);
      assertTrue(leaf.getCommandSpec().usageMessage().description().length > 0, name);
    }
  }

  /** Only the command that is named is described to picocli. */
  @Test
  void aCommandIsFoundBehindAnyOptions() {
    CommandLine all = commandLine();
    for (CommandLine.Model.OptionSpec option : all.getCommandSpec().options()) {
      boolean valued = !option.arity().isVariable() && option.arity().max() > 0;
      for (String name : option.names()) {
        assertEquals(valued, GlobalOptions.WITH_VALUES.contains(name), name);
      }
    }
    assertEquals(
        Set.of("status"),
        HoldfastCommand.build(shell(), "--socket", "backup", "-q", "status", "restore")
            .getSubcommands()
            .keySet());
    assertEquals(
        all.getSubcommands().keySet(),
        HoldfastCommand.build(shell(), "statsu", "status").getSubcommands().keySet());
  }

  @Test
  void noOptionTakesSecretItself() {
    for (CommandLine leaf : leaves(commandLine())) {
      leaf.getCommandSpec()
          .options()
          .forEach(option ->
              assertFalse(
                  option.longestName().matches("--(pass|secret|token|key)[a-z]*"),
                  option.longestName()));
    }
  }

  @Test
  void shouldExplainExitCodesEnvironmentAndFiles() {
    String codes = runWell("help", "exit-codes");
    for (ExitCode code : ExitCode.values()) {
      assertTrue(codes.contains(code.number() + "  " + code.meaning()), codes);
    }
    assertTrue(runWell("help", "environment").contains("HOLDFAST_SOCKET"));
    assertTrue(runWell("help", "files").contains("/etc/holdfast/coordinator.yaml"));
    assertTrue(runWell("help", "snapshot", "ls").contains("Usage: holdfast snapshot ls"));
    assertTrue(runWell("help").contains("Usage: holdfast"));
    assertEquals(2, run("help", "nothing").code());
  }

  @Test
  void shouldPrintCompletionForBash() {
    String script = runWell("completion", "bash");
    assertTrue(script.contains("complete -F") && script.contains("snapshot"), "script");
    assertEquals(2, run("completion", "fish").code());
  }

  @Test
  void shouldTellVersion() {
    assertTrue(runWell("--version").startsWith("holdfast "));
  }
}
