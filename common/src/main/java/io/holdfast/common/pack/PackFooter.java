package io.holdfast.common.pack;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.sealing.SealedHeader;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * The list of what a pack holds, kept as the bytes it was stored as: no object an entry.
 *
 * <pre>
 *  0 40  as the header, with magic HFPF
 * 40  2  owners o        44  4  entries e
 * 42  2  zero            48  4  references r
 * 52 16o owners: host ids
 *  . 72e entries, each:
 *        0  1  kind: 1 to 4, or 16 = snapshot record     44  4  plain length
 *        1  1  zero                                      48  4  CRC-32C of the sealed bytes
 *        2  2  owner index                               52 16  hash of the sealed bytes
 *        4 32  id                                        68  4  reference count
 *       36  4  offset from the pack's start
 *       40  4  sealed length
 *  . 33r references: kind, id, in the order of entries
 * </pre>
 *
 * <p>Immutable, any thread.
 */
public final class PackFooter {
  private final PackHeader identity;
  private final byte[] bytes;
  private final int owners;
  private final int entries;
  private final int references;

  /** Index of the first reference of each entry and, last, their number; empty for data packs. */
  private final int[] firstReference;

  PackFooter(PackHeader identity, byte[] bytes, int[] firstReference) {
    this.identity = identity;
    this.bytes = bytes;
    this.firstReference = firstReference;
    ByteBuffer head = ByteBuffer.wrap(bytes);
    owners = Short.toUnsignedInt(head.getShort(FooterParser.OWNERS));
    entries = head.getInt(FooterParser.ENTRIES);
    references = head.getInt(FooterParser.REFERENCES);
  }

  /**
   * Checks and reads the footer of {@code named} that begins at {@code offset}; keeps a copy.
   *
   * @param trailer of the same pack: its length and checksum must hold
   * @throws io.holdfast.common.error.HoldfastException PACK_CORRUPT or UNKNOWN_VERSION, naming pack
   *     and field
   */
  public static PackFooter parse(PackId named, byte[] bytes, int offset, PackTrailer trailer) {
    int length = trailer.footerLength();
    PackErrors.require(
        length >= 0 && length <= bytes.length - offset, named, "ends inside its footer");
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    PackErrors.require(
        (int) crc.getValue() == trailer.footerCrc32c(), named, "footer doesn't match its checksum");
    return parse(named, bytes, offset, length);
  }

  /**
   * As {@link #parse(PackId, byte[], int, PackTrailer)} for a footer that came apart from its pack;
   * the caller knows by its SHA-256 that it is the registered one.
   */
  public static PackFooter parse(PackId named, byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new FooterParser(named, Arrays.copyOfRange(bytes, offset, offset + length)).parse();
  }

  /** What the pack says of itself. */
  public PackHeader identity() {
    return identity;
  }

  public int entries() {
    return entries;
  }

  /** Number of hosts that filled the pack. */
  public int owners() {
    return owners;
  }

  public HostId owner(int ownerIndex) {
    int at = FooterParser.HEAD + Objects.checkIndex(ownerIndex, owners) * PackLayout.OWNER_LENGTH;
    return HostId.of(Arrays.copyOfRange(bytes, at, at + PackLayout.OWNER_LENGTH));
  }

  /** Which of the owners uploaded entry {@code index}. */
  public int ownerIndex(int index) {
    return Short.toUnsignedInt(buffer().getShort(entryAt(index) + FooterParser.ENTRY_OWNER));
  }

  /** The stored kind: a chunk's, or {@link PackLayout#SNAPSHOT_RECORD}. */
  public int kindNumber(int index) {
    return bytes[entryAt(index)];
  }

  public boolean isSnapshotRecord(int index) {
    return kindNumber(index) == PackLayout.SNAPSHOT_RECORD;
  }

  /** The chunk of an entry that isn't a snapshot record. */
  public ChunkRef chunk(int index) {
    if (isSnapshotRecord(index)) {
      throw new IllegalArgumentException("entry " + index + " is a snapshot record and no chunk");
    }
    return new ChunkRef(ChunkKind.of(kindNumber(index)), ChunkId.read(bytes, idAt(index)));
  }

  /** The snapshot of an entry that is a snapshot record. */
  public SnapshotId snapshot(int index) {
    if (!isSnapshotRecord(index)) {
      throw new IllegalArgumentException("entry " + index + " is a chunk and no snapshot record");
    }
    return SnapshotId.read(bytes, idAt(index));
  }

  /** Offset of the entry's first byte from the pack's start. */
  public int offset(int index) {
    return buffer().getInt(entryAt(index) + FooterParser.ENTRY_OFFSET);
  }

  /** Bytes of the entry. */
  public int sealedLength(int index) {
    return buffer().getInt(entryAt(index) + FooterParser.ENTRY_SEALED_LENGTH);
  }

  /** Bytes of the plaintext, as the chunk's header declares; a snapshot record's own length. */
  public int plainLength(int index) {
    return buffer().getInt(entryAt(index) + FooterParser.ENTRY_PLAIN_LENGTH);
  }

  /** CRC-32C of the entry's bytes. */
  public int crc32c(int index) {
    return buffer().getInt(entryAt(index) + FooterParser.ENTRY_CRC32C);
  }

  /** Hash of the entry's bytes, as computed by the agent that sealed them. */
  public SealedHash hash(int index) {
    return SealedHash.read(bytes, entryAt(index) + FooterParser.ENTRY_HASH);
  }

  /** Number of clear references; 0 unless the entry is a page. */
  public int referenceCount(int index) {
    return buffer().getInt(entryAt(index) + FooterParser.ENTRY_REFERENCES);
  }

  /** Number of clear references of all entries. */
  public int references() {
    return references;
  }

  /** One of an entry's clear references, in the order of the page's table. */
  public ChunkRef reference(int index, int which) {
    Objects.checkIndex(which, referenceCount(index));
    int at = referenceAt(firstReference[index] + which);
    return new ChunkRef(ChunkKind.of(bytes[at]), ChunkId.read(bytes, at + 1));
  }

  /** The stored form of an entry's references, 33 bytes each. */
  byte[] referenceBytes(int index) {
    int count = referenceCount(index);
    int at = count == 0 ? 0 : referenceAt(firstReference[index]);
    return Arrays.copyOfRange(bytes, at, at + count * PackLayout.REFERENCE_LENGTH);
  }

  /** Bytes of the footer. */
  public int length() {
    return bytes.length;
  }

  /** Bytes of the pack it belongs to. */
  public int packLength() {
    int last = entries - 1;
    return offset(last) + sealedLength(last) + bytes.length + PackLayout.TRAILER_LENGTH;
  }

  /** The footer as stored, read-only and not copied. */
  public ByteBuffer encoded() {
    return buffer().asReadOnlyBuffer();
  }

  /** What the journal registers the pack by: SHA-256 of the footer. */
  public Bytes32 sha256() {
    MessageDigest digest = Digests.newSha256();
    digest.update(bytes);
    return Bytes32.of(digest.digest());
  }

  /** The trailer that follows this footer. */
  public PackTrailer trailer() {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return new PackTrailer(bytes.length, (int) crc.getValue());
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes);
  }

  private int entryAt(int index) {
    return FooterParser.HEAD
        + owners * PackLayout.OWNER_LENGTH
        + Objects.checkIndex(index, entries) * PackLayout.ENTRY_LENGTH;
  }

  private int idAt(int index) {
    return entryAt(index) + FooterParser.ENTRY_ID;
  }

  private int referenceAt(int which) {
    return bytes.length - (references - which) * PackLayout.REFERENCE_LENGTH;
  }

  @Override
  public String toString() {
    return "footer of pack " + identity.pack() + ", " + entries + " entries";
  }

  /**
   * Lists entries in the order they are appended to a pack, and says where each lies. One owner:
   * the pack's writer.
   */
  public static final class Builder {
    private static final byte[] NO_REFERENCES = {};

    private final PackHeader identity;
    private final Map<HostId, Integer> ownerIndexes = new LinkedHashMap<>();
    private ByteBuffer entryBytes = ByteBuffer.allocate(64 * PackLayout.ENTRY_LENGTH);
    private ByteBuffer referenceBytes = ByteBuffer.allocate(0);
    private int nextOffset = PackLayout.HEADER_LENGTH;

    public Builder(PackHeader identity) {
      this.identity = Objects.requireNonNull(identity, "identity");
    }

    /** Where the next entry will lie: bytes of the pack so far. */
    public int nextOffset() {
      return nextOffset;
    }

    public int entries() {
      return entryBytes.position() / PackLayout.ENTRY_LENGTH;
    }

    /** Whether one more entry leaves the pack, finished, within all its limits. */
    public boolean hasRoomFor(HostId owner, int sealedLength, int references) {
      int owners = ownerIndexes.size() + (ownerIndexes.containsKey(owner) ? 0 : 1);
      int all = references + references();
      return owners <= PackLayout.MAXIMUM_OWNERS
          && entries() < PackLayout.MAXIMUM_ENTRIES
          && all <= PackLayout.MAXIMUM_REFERENCES
          && (long) nextOffset + sealedLength + finish(owners, all)
              <= PackLayout.MAXIMUM_PACK_LENGTH;
    }

    private long finish(int owners, int references) {
      return (long) PackLayout.footerLength(owners, entries() + 1, references)
          + PackLayout.TRAILER_LENGTH;
    }

    private int references() {
      return referenceBytes.position() / PackLayout.REFERENCE_LENGTH;
    }

    /**
     * Lists a sealed chunk at {@link #nextOffset}.
     *
     * @param owner the host that uploaded it
     * @param header as parsed from the sealed bytes
     * @return the entry's index
     */
    public int addChunk(HostId owner, SealedHeader header, int crc32c, SealedHash hash) {
      byte[] references = new byte[header.referenceCount() * PackLayout.REFERENCE_LENGTH];
      header.copyReferences(references, 0);
      Bytes32 id = header.named().id().value();
      begin(owner, header.kind().number(), id, header.sealedLength(), references.length);
      return end(header.sealedLength(), header.plainLength(), crc32c, hash, references);
    }

    /** Lists a copy of a snapshot record of so many bytes at {@link #nextOffset}. */
    public int addSnapshotRecord(
        HostId owner, SnapshotId snapshot, int length, int crc32c, SealedHash hash) {
      begin(owner, PackLayout.SNAPSHOT_RECORD, snapshot.value(), length, 0);
      return end(length, length, crc32c, hash, NO_REFERENCES);
    }

    /**
     * Lists an entry of another pack whose bytes are copied unchanged: owner, checksums and
     * references are carried over, nothing is summed anew.
     */
    public int addCopy(PackFooter from, int index) {
      byte[] references = from.referenceBytes(index);
      Bytes32 id = Bytes32.read(from.bytes, from.idAt(index));
      HostId owner = from.owner(from.ownerIndex(index));
      int length = from.sealedLength(index);
      begin(owner, from.kindNumber(index), id, length, references.length);
      return end(length, from.plainLength(index), from.crc32c(index), from.hash(index), references);
    }

    private void begin(
        HostId owner, int kindNumber, Bytes32 id, int sealedLength, int referenceLength) {
      if (!identity.content().holds(kindNumber)) {
        throw new IllegalArgumentException(
            "a pack of " + identity.content() + " holds no entry of kind " + kindNumber);
      }
      if (!hasRoomFor(owner, sealedLength, referenceLength / PackLayout.REFERENCE_LENGTH)) {
        throw new IllegalStateException("pack " + identity.pack() + " has no room for " + id);
      }
      Integer known = ownerIndexes.putIfAbsent(owner, ownerIndexes.size());
      int ownerIndex = known == null ? ownerIndexes.size() - 1 : known;
      entryBytes = withRoom(entryBytes, PackLayout.ENTRY_LENGTH);
      entryBytes.put((byte) kindNumber).put((byte) 0).putShort((short) ownerIndex);
      entryBytes.put(id.toByteArray()).putInt(nextOffset).putInt(sealedLength);
    }

    private int end(
        int sealedLength, int plainLength, int crc32c, SealedHash hash, byte[] references) {
      entryBytes.putInt(plainLength).putInt(crc32c).putLong(hash.high()).putLong(hash.low());
      entryBytes.putInt(references.length / PackLayout.REFERENCE_LENGTH);
      referenceBytes = withRoom(referenceBytes, references.length).put(references);
      nextOffset += sealedLength;
      return entries() - 1;
    }

    private static ByteBuffer withRoom(ByteBuffer buffer, int length) {
      if (buffer.remaining() >= length) {
        return buffer;
      }
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + length);
      return ByteBuffer.allocate(capacity).put(buffer.flip());
    }

    /**
     * The footer of what was listed, at least one entry, parsed as a reader will parse it.
     *
     * @throws io.holdfast.common.error.HoldfastException PACK_CORRUPT if what was listed breaks a
     *     rule of the format
     */
    public PackFooter build() {
      int length = PackLayout.footerLength(ownerIndexes.size(), entries(), references());
      ByteBuffer out = ByteBuffer.allocate(length);
      identity.writeIdentity(out, PackLayout.FOOTER_MAGIC);
      out.putShort((short) ownerIndexes.size()).putShort((short) 0);
      out.putInt(entries()).putInt(references());
      ownerIndexes.keySet().forEach(owner -> out.put(owner.toByteArray()));
      out.put(entryBytes.duplicate().flip()).put(referenceBytes.duplicate().flip());
      return new FooterParser(identity.pack(), out.array()).parse();
    }
  }
}
