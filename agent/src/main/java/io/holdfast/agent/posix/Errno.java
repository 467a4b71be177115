package io.holdfast.agent.posix;

/**
 * The error numbers of Linux that callers tell apart; the same on x86_64 and aarch64. Any other is
 * {@link #OTHER}, with its number kept by whoever received it.
 */
public enum Errno {
  EPERM(1),
  ENOENT(2),
  EINTR(4),
  EIO(5),
  ENXIO(6),
  E2BIG(7),
  EBADF(9),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EBUSY(16),
  EEXIST(17),
  EXDEV(18),
  ENODEV(19),
  ENOTDIR(20),
  EISDIR(21),
  EINVAL(22),
  ENFILE(23),
  EMFILE(24),
  ETXTBSY(26),
  EFBIG(27),
  ENOSPC(28),
  EROFS(30),
  EMLINK(31),
  ERANGE(34),
  ENAMETOOLONG(36),
  ENOSYS(38),
  ENOTEMPTY(39),
  ELOOP(40),
  ENODATA(61),
  EOVERFLOW(75),
  ENOTSUP(95),
  ESTALE(116),
  EDQUOT(122),
  OTHER(0);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The kernel's number; 0 for {@link #OTHER}. */
  public int number() {
    return number;
  }

  /** The name of a positive error number, {@link #OTHER} if it isn't listed here. */
  public static Errno of(int number) {
    for (Errno candidate : values()) {
      if (candidate.number == number) {
        return candidate;
      }
    }
    return OTHER;
  }

  /** A name for messages: {@code ENOENT}, or {@code errno 71} for one that isn't listed. */
  public static String describe(int number) {
    Errno errno = of(number);
    return errno == OTHER ? "errno " + number : errno.name();
  }

  /** Whether {@code result}, as returned by a {@code try} method, is this error. */
  public boolean is(int result) {
    return result == -number && number != 0;
  }
}
