package io.holdfast.coordinator.catalog.store;

import java.util.Locale;

/**
 * One ordered key space of a store. The number is part of the stored name and never reused; keys
 * order as unsigned bytes.
 *
 * @param number from 1
 * @param name lower-case letters and underscores, for people
 * @param prefixBytes length of the leading part of the keys that a filter is kept over, so that a
 *     seek to a prefix that isn't there reads no block; 0 for a filter over whole keys
 */
public record Family(int number, String name, int prefixBytes) {
  public Family {
    if (number < 1 || number > 99) {
      throw new IllegalArgumentException("family " + name + " has number " + number);
    }
    if (!name.matches("[a-z_]+")) {
      throw new IllegalArgumentException("family name " + name);
    }
    if (prefixBytes < 0) {
      throw new IllegalArgumentException("family " + name + " has a prefix of " + prefixBytes);
    }
  }

  /** What the family is called on disk: "02 index". */
  public String storedName() {
    return String.format(Locale.ROOT, "%02d %s", number, name);
  }
}
