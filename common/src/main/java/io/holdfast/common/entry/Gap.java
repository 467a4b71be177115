package io.holdfast.common.entry;

import java.util.Objects;

/**
 * Why an entry isn't whole.
 *
 * @param errno what the operating system answered, 0 if it answered nothing
 */
public record Gap(GapReason reason, int errno) {
  public static final int MAX_ERRNO = 65_535;

  public Gap {
    Objects.requireNonNull(reason, "reason");
    if (errno < 0 || errno > MAX_ERRNO) {
      throw new IllegalArgumentException("errno " + errno + " is none");
    }
  }

  public static Gap of(GapReason reason) {
    return new Gap(reason, 0);
  }
}
