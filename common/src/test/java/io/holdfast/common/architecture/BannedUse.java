package io.holdfast.common.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.List;

/**
 * A method or constructor of the JDK that main code may not use, and what to use instead. With the
 * clocks and random sources gone the whole system runs under a seed; with them back in one corner a
 * failing seed no longer replays.
 */
record BannedUse(String owner, String member, String replacement) {
  private static final String NEW = "<init>";
  private static final String WALL_CLOCK = "take an io.holdfast.common.seam.Time and ask its now()";
  private static final String TICKER = "take an io.holdfast.common.seam.Time and ask its nanos()";
  private static final String SLEEP = "take an io.holdfast.common.seam.Time and call its sleep()";
  private static final String RANDOM = "take an io.holdfast.common.seam.Randomness";
  private static final String NAMED_THREAD =
      "start it with Thread.ofVirtual() or Thread.ofPlatform() and the name of its role";
  static final String CODEC = "write a codec, with magic, version, length and checksum";

  static final List<BannedUse> ALL =
      List.of(
          new BannedUse("java.lang.System", "currentTimeMillis", WALL_CLOCK),
          new BannedUse("java.time.Clock", "system", WALL_CLOCK),
          new BannedUse("java.time.Clock", "systemDefaultZone", WALL_CLOCK),
          new BannedUse("java.time.Clock", "systemUTC", WALL_CLOCK),
          new BannedUse("java.time.Instant", "now", WALL_CLOCK),
          new BannedUse("java.time.LocalDate", "now", WALL_CLOCK),
          new BannedUse("java.time.LocalDateTime", "now", WALL_CLOCK),
          new BannedUse("java.time.OffsetDateTime", "now", WALL_CLOCK),
          new BannedUse("java.time.ZonedDateTime", "now", WALL_CLOCK),
          new BannedUse("java.util.Date", NEW, WALL_CLOCK),
          new BannedUse("java.lang.System", "nanoTime", TICKER),
          new BannedUse("java.lang.Thread", "sleep", SLEEP),
          new BannedUse("java.util.concurrent.TimeUnit", "sleep", SLEEP),
          new BannedUse("java.lang.Math", "random", RANDOM),
          new BannedUse("java.security.SecureRandom", NEW, RANDOM),
          new BannedUse("java.util.Random", NEW, RANDOM),
          new BannedUse("java.util.UUID", "randomUUID", RANDOM),
          new BannedUse("java.util.concurrent.ThreadLocalRandom", "current", RANDOM),
          new BannedUse("java.lang.Thread", NEW, NAMED_THREAD),
          new BannedUse("java.io.ObjectInputStream", NEW, CODEC),
          new BannedUse("java.io.ObjectOutputStream", NEW, CODEC));

  boolean matches(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    return target.getOwner().getName().equals(owner) && target.getName().equals(member);
  }
}
