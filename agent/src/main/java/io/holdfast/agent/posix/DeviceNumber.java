package io.holdfast.agent.posix;

/**
 * A device number as one long: the major in the upper, the minor in the lower 32 bits. This form,
 * and not libc's packed one, is what columns and records hold.
 */
public final class DeviceNumber {
  private DeviceNumber() {}

  public static long of(int major, int minor) {
    return ((long) major << 32) | (minor & 0xffffffffL);
  }

  public static int major(long device) {
    return (int) (device >>> 32);
  }

  public static int minor(long device) {
    return (int) device;
  }

  /** The {@code dev_t} of glibc and musl (sys/sysmacros.h: twelve low major bits in the middle). */
  static long toLibc(long device) {
    long major = device >>> 32;
    long minor = device & 0xffffffffL;
    return ((major & 0xfffff000L) << 32)
        | ((major & 0xfffL) << 8)
        | ((minor & 0xffffff00L) << 12)
        | (minor & 0xffL);
  }
}
