package io.holdfast.common.entry;

import io.holdfast.common.id.ChunkKind;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where the bytes of a segment lie, in order: stretches of chunks' plaintexts, and holes. Held as
 * arrays, since a file may have thousands and a run has millions.
 */
public final class Extents {
  /** Most extents of one segment. */
  public static final int MAX_COUNT = 4_096;

  /** Most bytes of a chunk's plaintext. */
  public static final int MAX_CHUNK_BYTES = 16 << 20;

  public static final Extents EMPTY = new Extents(new Reference[0], new int[0], new long[0]);

  private final Reference[] chunks;
  private final int[] offsets;
  private final long[] lengths;
  private final long totalBytes;

  private Extents(Reference[] chunks, int[] offsets, long[] lengths) {
    this.chunks = chunks;
    this.offsets = offsets;
    this.lengths = lengths;
    this.totalBytes = sum(lengths);
  }

  private static long sum(long[] lengths) {
    long total = 0;
    for (long length : lengths) {
      total += length;
      if (total < 0) {
        throw new IllegalArgumentException("extents have more than 63 bits of bytes in all");
      }
    }
    return total;
  }

  /** One extent: {@code lengthBytes} of {@code chunk}'s plaintext from {@code offset}. */
  public static Extents of(Reference chunk, int offset, long lengthBytes) {
    return new Builder().add(chunk, offset, lengthBytes).build();
  }

  public int count() {
    return lengths.length;
  }

  public boolean isHole(int index) {
    return chunks[index] == null;
  }

  /** The chunk that holds extent {@code index}, which must not be a hole. */
  public Reference chunk(int index) {
    return Objects.requireNonNull(chunks[index], "a hole lies in no chunk");
  }

  /** Where in the chunk's plaintext extent {@code index} begins, in bytes; 0 for a hole. */
  public int offset(int index) {
    return offsets[index];
  }

  public long lengthBytes(int index) {
    return lengths[index];
  }

  /** Bytes of all extents, holes included. */
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extents that
        && Arrays.equals(lengths, that.lengths)
        && Arrays.equals(offsets, that.offsets)
        && Arrays.equals(chunks, that.chunks);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(lengths) + Arrays.hashCode(chunks);
  }

  @Override
  public String toString() {
    return lengths.length + " extents of " + totalBytes + " bytes";
  }

  /** Collects extents in order. Belongs to one thread; may be used again after {@link #build}. */
  public static final class Builder {
    private Reference[] chunks;
    private int[] offsets;
    private long[] lengths;
    private int count;

    public Builder() {
      this(1);
    }

    /** A builder with room for {@code expected} extents, which need not be exact. */
    public Builder(int expected) {
      chunks = new Reference[expected];
      offsets = new int[expected];
      lengths = new long[expected];
    }

    public int count() {
      return count;
    }

    /**
     * Adds {@code lengthBytes} of {@code chunk} from {@code offset}, joined to the extent before if
     * it goes on where that one ends.
     */
    public Builder add(Reference chunk, int offset, long lengthBytes) {
      checkedLength(offset, lengthBytes);
      if (count > 0 && goesOn(chunk, offset)) {
        lengths[count - 1] = checkedLength(offsets[count - 1], lengths[count - 1] + lengthBytes);
        return this;
      }
      return addApart(chunk, offset, lengthBytes);
    }

    /** Adds a hole, joined to the extent before if that is one too. */
    public Builder addHole(long lengthBytes) {
      if (count > 0 && chunks[count - 1] == null && lengthBytes > 0) {
        lengths[count - 1] = Math.addExact(lengths[count - 1], lengthBytes);
        return this;
      }
      return addHoleApart(lengthBytes);
    }

    /** As {@link #add}, never joined: how a page is read back exactly as it was written. */
    public Builder addApart(Reference chunk, int offset, long lengthBytes) {
      if (chunk.kind() != ChunkKind.DATA && chunk.kind() != ChunkKind.BUNDLE) {
        throw new IllegalArgumentException("a " + chunk + " holds no content");
      }
      append(chunk, offset, checkedLength(offset, lengthBytes));
      return this;
    }

    /** As {@link #addHole}, never joined. */
    public Builder addHoleApart(long lengthBytes) {
      if (lengthBytes <= 0) {
        throw new IllegalArgumentException("a hole of " + lengthBytes + " bytes is none");
      }
      append(null, 0, lengthBytes);
      return this;
    }

    private boolean goesOn(Reference chunk, int offset) {
      return chunk.equals(chunks[count - 1]) && offsets[count - 1] + lengths[count - 1] == offset;
    }

    private static long checkedLength(int offset, long lengthBytes) {
      if (offset < 0 || lengthBytes <= 0 || lengthBytes > MAX_CHUNK_BYTES - offset) {
        throw new IllegalArgumentException(
            "extent of " + lengthBytes + " bytes at " + offset + " doesn't fit a chunk of 16 MiB");
      }
      return lengthBytes;
    }

    private void append(Reference chunk, int offset, long lengthBytes) {
      if (count == MAX_COUNT) {
        throw new IllegalArgumentException("a segment has at most 4,096 extents");
      }
      if (count == lengths.length) {
        int room = Math.max(4, 2 * count);
        chunks = Arrays.copyOf(chunks, room);
        offsets = Arrays.copyOf(offsets, room);
        lengths = Arrays.copyOf(lengths, room);
      }
      chunks[count] = chunk;
      offsets[count] = offset;
      lengths[count] = lengthBytes;
      count++;
    }

    /** The extents so far; the builder is empty afterwards. */
    public Extents build() {
      if (count == 0) {
        return EMPTY;
      }
      Extents built =
          new Extents(
              Arrays.copyOf(chunks, count),
              Arrays.copyOf(offsets, count),
              Arrays.copyOf(lengths, count));
      Arrays.fill(chunks, 0, count, null);
      count = 0;
      return built;
    }
  }
}
