package io.holdfast.deploy.cli;

import java.nio.file.Path;
import java.util.Objects;

/** Where the recovery passphrase is. */
public sealed interface PassphraseSource {
  /** On the only line of {@code file}. */
  record InFile(Path file) implements PassphraseSource {}

  /** Typed by a person; whoever uses {@link #chars} wipes it. */
  final class Typed implements PassphraseSource {
    private final char[] chars;

    Typed(char[] chars) {
      this.chars = Objects.requireNonNull(chars, "chars");
    }

    /** Not a copy. */
    public char[] chars() {
      return chars;
    }

    @Override
    public String toString() {
      return "Typed[hidden]";
    }
  }
}
