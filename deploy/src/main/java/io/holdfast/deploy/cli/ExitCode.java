package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import java.util.Arrays;

/** How the command ends, for scripts. Numbers are for ever; an unknown one is a failure. */
enum ExitCode {
  OK(0, "done"),
  FAILED(1, "failed, or verify found damage"),
  USAGE(2, "the command line, the configuration or the request can't be right as it is"),
  GAPS(3, "finished, but some files could not be read or restored in full"),
  ALARM(4, "done, and an alarm is up: `holdfast status` says what is wrong"),
  NOT_FOUND(10, "the host, snapshot, path, vault or file named doesn't exist"),
  TRY_AGAIN(11, "no coordinator or agent answers, it isn't the leader, or it is busy: try again"),
  REFUSED(12, "not allowed: permissions, a wrong passphrase, token or key"),
  INTERRUPTED(130, "interrupted (Ctrl-C); a job that was running was cancelled"),
  TERMINATED(143, "terminated; a job that was running was cancelled");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }

  /** How a command ends whose job failed with the error of this number. */
  static ExitCode ofNumber(int number) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.number() == number)
        .findFirst()
        .map(code -> of(code.kind()))
        .orElse(FAILED);
  }

  /** How a command ends that failed with {@code kind}. */
  static ExitCode of(ErrorKind kind) {
    return switch (kind) {
      case RETRY, FENCED -> TRY_AGAIN;
      case INVALID -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case UNAUTHENTICATED, DENIED -> REFUSED;
      case EXHAUSTED, CORRUPT, CONFLICT, INTERNAL -> FAILED;
    };
  }
}
