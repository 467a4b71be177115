package io.holdfast.common.entry;

import java.util.Objects;
import java.util.Optional;

/** A further segment of the file whose {@link Node} stands before it under the same path. */
public record Continuation(EntryPath path, Segment segment, Optional<Gap> gap) implements Entry {
  public Continuation {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(segment, "segment");
    Objects.requireNonNull(gap, "gap");
    if (segment.offsetBytes() == 0) {
      throw new IllegalArgumentException("a continuation can't begin at its file's first byte");
    }
    if (segment.lengthBytes() == 0 && gap.isEmpty()) {
      throw new IllegalArgumentException("a continuation without content needs a gap");
    }
  }

  /** A segment without a gap. */
  public static Continuation of(EntryPath path, Segment segment) {
    return new Continuation(path, segment, Optional.empty());
  }

  @Override
  public EntryType type() {
    return EntryType.CONTINUATION;
  }

  @Override
  public long segmentOffset() {
    return segment.offsetBytes();
  }
}
