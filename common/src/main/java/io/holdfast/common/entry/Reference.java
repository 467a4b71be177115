package io.holdfast.common.entry;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.Locale;
import java.util.Objects;

/**
 * What opens a chunk: its kind and K, from which its id follows. K is a secret ({@code
 * proto/FORMAT.md}, section 1), so a reference never prints it. Ordered, so that hash tables stay
 * fast when a hostile page is full of keys with the same hash.
 */
public record Reference(ChunkKind kind, Bytes32 key) implements Comparable<Reference> {
  /** Bytes of the stored form: the kind's number, then K. */
  public static final int LENGTH = 1 + Bytes32.LENGTH;

  public Reference {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
  }

  @Override
  public int compareTo(Reference other) {
    int order = Integer.compare(kind.number(), other.kind.number());
    return order != 0 ? order : key.compareTo(other.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " reference";
  }
}
