package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a command is told to read. */
final class InputFile {
  private InputFile() {}

  /** Refuses a {@code file} that isn't there or can't be read; {@code what} it should be. */
  static void check(String what, Path file) {
    if (!Files.exists(file)) {
      throw new HoldfastException(
          ErrorCode.OBJECT_NOT_FOUND, "there is no " + what + " " + file + ": check the name");
    }
    if (!Files.isReadable(file)) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED,
          "this user may not read the " + what + " " + file + ": check its permissions");
    }
  }

  /** What stands in {@code file}; errors of {@link #check}, IO. */
  static String read(String what, Path file) {
    check(what, file);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot read the " + what + " " + file + " (" + e + ")", e);
    }
  }
}
