package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the recovery passphrase comes in: by a file, by the environment's naming one, or typed. */
final class Passphrases {
  static final String VARIABLE = "HOLDFAST_PASSPHRASE_FILE";

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "File with the recovery passphrase on its only line (default: the one that"
              + " HOLDFAST_PASSPHRASE_FILE names, else asked on the terminal).")
  private Path file;

  /** The passphrase of something that exists. */
  PassphraseSource existing(Shell shell) {
    return fromFile(shell).orElseGet(() -> new PassphraseSource.Typed(ask(shell, "Passphrase: ")));
  }

  /** The passphrase of something to be made; when typed, twice. */
  PassphraseSource fresh(Shell shell) {
    return fromFile(shell).orElseGet(() -> typedTwice(shell));
  }

  private Optional<PassphraseSource> fromFile(Shell shell) {
    return Optional.ofNullable(file)
        .or(() -> shell.environment().find(VARIABLE).map(Path::of))
        .map(PassphraseSource.InFile::new);
  }

  private static PassphraseSource typedTwice(Shell shell) {
    char[] first = ask(shell, "New recovery passphrase: ");
    char[] second = ask(shell, "Again: ");
    boolean equal = Arrays.equals(first, second);
    Arrays.fill(second, '\0');
    if (!equal) {
      Arrays.fill(first, '\0');
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "the two passphrases differ: nothing was done; try again");
    }
    return new PassphraseSource.Typed(first);
  }

  static char[] ask(Shell shell, String prompt) {
    return shell
        .terminal()
        .askSecret(prompt)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.INVALID_ARGUMENT,
                "no recovery passphrase: there is no terminal to ask on; write it to a file"
                    + " and pass --passphrase-file"));
  }
}
