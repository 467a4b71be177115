package io.holdfast.coordinator.sweep.model;

/**
 * 128 bits of a state. Among 10 million states two of one digest have a probability below 10 to the
 * power of -24.
 */
final class Digest implements Comparable<Digest> {
  private long high = 0x9E3779B97F4A7C15L;
  private long low = 0xC2B2AE3D27D4EB4FL;

  void add(long word) {
    high = mix(high ^ word) + low;
    low = mix(low + Long.rotateLeft(word, 32)) ^ high;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  @Override
  public int compareTo(Digest other) {
    int order = Long.compare(high, other.high);
    return order != 0 ? order : Long.compare(low, other.low);
  }

  private static long mix(long word) {
    long mixed = (word ^ word >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
