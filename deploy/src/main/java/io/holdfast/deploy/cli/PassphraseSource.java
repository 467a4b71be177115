package io.holdfast.deploy.cli;

import io.holdfast.common.key.Passphrase;
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

  /** What it holds; closed by the caller. What was typed is wiped. */
  default Passphrase open() {
    return switch (this) {
      case InFile(Path file) -> Passphrase.readFile(file);
      case Typed typed -> Passphrase.of(typed.chars());
    };
  }
}
