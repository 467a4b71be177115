package io.holdfast.agent.posix;

import java.io.IOException;

/**
 * A failed system call: its error number, what was tried, and on what. Checked, because the caller
 * knows what the thing was for and turns it into a gap, a difference or a typed error. Often it is
 * only the answer that there is no such file, so it carries no stack, and its text is made when it
 * is asked for.
 */
public final class PosixException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int number;
  private final String operation;
  private final byte[] path;

  /**
   * @param number positive error number
   * @param operation the call's name, as in {@code openat}
   * @param path what it was applied to, which nobody changes any more; null or empty if only a
   *     descriptor is known
   */
  public PosixException(int number, String operation, byte[] path) {
    this.number = number;
    this.operation = operation;
    this.path = path;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  @Override
  public String getMessage() {
    String subject = path == null || path.length == 0 ? "" : " " + Names.display(path);
    return operation + subject + ": " + Errno.describe(number);
  }

  /** The positive error number. */
  public int number() {
    return number;
  }

  public Errno errno() {
    return Errno.of(number);
  }

  public String operation() {
    return operation;
  }
}
