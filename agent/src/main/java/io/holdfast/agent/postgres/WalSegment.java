package io.holdfast.agent.postgres;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One segment of a cluster's log. Ordered as its names are.
 *
 * @param number of the segment since the log's beginning
 */
record WalSegment(int timeline, long number) implements Comparable<WalSegment> {
  private static final Comparator<WalSegment> ORDER =
      Comparator.comparing(WalSegment::timeline, Integer::compareUnsigned)
          .thenComparing(WalSegment::number, Long::compareUnsigned);
  private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");
  private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");

  /** The segment with this file name, if it is the name of one. */
  static Optional<WalSegment> find(String name, int segmentBytes) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    long high = Long.parseLong(name.substring(8, 16), 16);
    long low = Long.parseLong(name.substring(16), 16);
    return Optional.of(
        new WalSegment(
            Integer.parseUnsignedInt(name.substring(0, 8), 16),
            high * perNumber(segmentBytes) + low));
  }

  /** Whether this is the name of a file that tells how timelines branched. */
  static boolean isHistory(String name) {
    return HISTORY.matcher(name).matches();
  }

  /** Segments of one number of the middle eight digits. */
  private static long perNumber(int segmentBytes) {
    return (1L << 32) / segmentBytes;
  }

  /** The name of its file. */
  String name(int segmentBytes) {
    long each = perNumber(segmentBytes);
    return "%08X%08X%08X".formatted(timeline, number / each, number % each);
  }

  /** Where it begins. */
  Lsn start(int segmentBytes) {
    return new Lsn(number * segmentBytes);
  }

  @Override
  public int compareTo(WalSegment other) {
    return ORDER.compare(this, other);
  }
}
