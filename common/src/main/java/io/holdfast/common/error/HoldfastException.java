package io.holdfast.common.error;

import java.util.Objects;

/**
 * The one exception that crosses package borders. Its message names the thing, the cause and the
 * next step, in words an operator understands at three in the morning; {@link #code} says which
 * error it is and {@link ErrorCode#kind} what to do about it.
 */
public final class HoldfastException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public HoldfastException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public HoldfastException(ErrorCode code, String message, Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public ErrorCode code() {
    return code;
  }

  public ErrorKind kind() {
    return code.kind();
  }
}
