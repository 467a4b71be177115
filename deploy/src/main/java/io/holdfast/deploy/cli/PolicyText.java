package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of a file of policies. */
final class PolicyText {
  private PolicyText() {}

  /** OBJECT_NOT_FOUND, NOT_AUTHORISED, INVALID_CONFIGURATION if it isn't text, or IO. */
  static String read(Path file) {
    InputFile.check("file of policies", file);
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new HoldfastException(
          ErrorCode.INVALID_CONFIGURATION, file + " isn't text in UTF-8: is it the right file?", e);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the file of policies " + file + " can't be read: " + e.getMessage(), e);
    }
  }
}
