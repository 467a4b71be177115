package io.holdfast.deploy.cli;

import io.holdfast.common.config.Environment;
import java.io.Console;
import java.util.Optional;

/**
 * The process's own terminal. Whether standard error is one only the launcher can tell: Java looks
 * at standard input and output. It says so by {@code HOLDFAST_TERMINAL_COLUMNS}.
 */
record SystemTerminal(Environment environment) implements Terminal {
  private static final String COLUMNS = "HOLDFAST_TERMINAL_COLUMNS";

  @Override
  public int errorColumns() {
    return environment
        .find(COLUMNS)
        .filter(columns -> columns.matches("\\d{1,4}"))
        .map(Integer::valueOf)
        .orElse(0);
  }

  @Override
  public Optional<char[]> askSecret(String prompt) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readPassword("%s", prompt));
  }
}
