package io.holdfast.common.entry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The extended attributes of a path: names ascending, at most {@link #MAX_BYTES} in all. */
public record Xattrs(List<Xattr> all) {
  public static final Xattrs NONE = new Xattrs(List.of());

  /** Most bytes of names and values together. */
  public static final int MAX_BYTES = 64 << 10;

  public Xattrs {
    all = List.copyOf(all);
    long bytes = 0;
    Octets last = null;
    for (Xattr xattr : all) {
      if (last != null && last.compareTo(xattr.name()) >= 0) {
        throw new IllegalArgumentException(
            "extended attribute '" + xattr.name() + "' doesn't follow '" + last + "' in order");
      }
      last = xattr.name();
      bytes += xattr.bytes();
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "extended attributes have " + bytes + " bytes, and 65,536 are allowed");
    }
  }

  /** The attributes in whatever order they come. */
  public static Xattrs sorted(Collection<Xattr> xattrs) {
    return new Xattrs(xattrs.stream().sorted(Comparator.comparing(Xattr::name)).toList());
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }
}
