package io.holdfast.deploy.cli;

import java.util.Optional;

/** The person's terminal, if there is one. */
interface Terminal {
  /** Width of the terminal that standard error is; 0 if it is none. */
  int errorColumns();

  /**
   * Asks without showing what is typed; empty if there is nobody to ask. The caller wipes the
   * answer.
   */
  Optional<char[]> askSecret(String prompt);
}
