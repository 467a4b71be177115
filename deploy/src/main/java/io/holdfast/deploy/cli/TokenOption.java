package io.holdfast.deploy.cli;

import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An enrolment token, which comes in by a file and never as an argument. */
final class TokenOption {
  static final String VARIABLE = "HOLDFAST_TOKEN_FILE";

  private static final String OPTION = "--token-file";

  private static final int TOKEN_BYTES_MAX = 8 << 10;

  @Option(
      names = OPTION,
      paramLabel = "FILE",
      description = {
        "File with the token, - for standard input (default: the one that HOLDFAST_TOKEN_FILE"
            + " names)."
      })
  private String tokenFile;

  /** Taken so that it can be refused without printing it. */
  @Parameters(hidden = true, arity = "0..*")
  private List<String> tokens = List.of();

  SecretText read(Shell shell) {
    if (!tokens.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a token isn't taken as an argument, since every user of this machine can read those:"
              + " write it to a file and pass --token-file FILE, or pipe it and pass --token-file"
              + " -");
    }
    return read(OPTION, tokenFile, shell);
  }

  /** What the file that {@code option} names holds, or if it names none that of the variable. */
  static SecretText read(String option, String named, Shell shell) {
    String name =
        Optional.ofNullable(named)
            .or(() -> shell.environment().find(VARIABLE))
            .orElseThrow(() -> noToken(option));
    return read(name, shell);
  }

  private static HoldfastException noToken(String option) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "no token: make one by `holdfast token create` at the coordinator, and pass "
            + option
            + " FILE");
  }

  private static SecretText read(String name, Shell shell) {
    boolean piped = name.equals("-");
    if (!piped) {
      InputFile.check("token file", Path.of(name));
    }
    try (InputStream in = piped ? shell.in() : Files.newInputStream(Path.of(name))) {
      String text = new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            (piped ? "standard input" : "the token file " + name) + " holds no token");
      }
      return new SecretText(text);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot read the token from " + name + " (" + e + ")", e);
    }
  }
}
