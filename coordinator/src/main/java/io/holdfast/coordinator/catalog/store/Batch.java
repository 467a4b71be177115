package io.holdfast.coordinator.catalog.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows to put and delete together, in order: of two writes to one key the later one holds. Keeps
 * the arrays it is given, which mustn't change afterwards. For one thread.
 */
public final class Batch {
  private final List<Write> writes = new ArrayList<>();

  /** Puts {@code value} under {@code key}, over whatever is there. */
  public void put(Family family, byte[] key, byte[] value) {
    writes.add(new Write(family, key, value));
  }

  /** Deletes the row under {@code key}; nothing happens if there is none. */
  public void delete(Family family, byte[] key) {
    writes.add(new Write(family, key, null));
  }

  /** Writes in it. */
  public int size() {
    return writes.size();
  }

  List<Write> writes() {
    return writes;
  }

  /** One put, or, without a value, one delete. */
  static final class Write {
    private final Family family;
    private final byte[] key;
    private final byte[] value;

    private Write(Family family, byte[] key, byte[] value) {
      this.family = family;
      this.key = key;
      this.value = value;
    }

    Family family() {
      return family;
    }

    byte[] key() {
      return key;
    }

    /** The value, or null for a delete. */
    byte[] value() {
      return value;
    }
  }
}
