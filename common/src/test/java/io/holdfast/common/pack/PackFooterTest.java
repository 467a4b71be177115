package io.holdfast.common.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackFooterTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void shouldReadGoldenPagePack() {
    List<String> words = Golden.lines("page-pack.txt").getFirst();
    PackId pack = PackId.parse("deadbeefdeadbeefdeadbeefdeadbeef");
    byte[] head = HEX.parseHex(words.get(0));
    PackHeader header = PackHeader.parse(pack, head, 0, head.length);
    RepositoryId repository = RepositoryId.parse("00112233445566778899aabbccddeeff");
    assertEquals(new PackHeader(PackContent.PAGES, repository, pack), header);
    assertArrayEquals(head, header.encode());
    byte[] tail = HEX.parseHex(words.get(1) + words.get(2));
    PackFooter footer = PackTail.locate(pack, tail, 48 + 214 + 333 + 88 + tail.length).footer(tail);
    assertEquals(header, footer.identity());
    assertEquals(words.get(3), footer.sha256().toString());
    assertEquals(words.get(2), HEX.formatHex(footer.trailer().encode()));
    assertGoldenEntries(footer);
  }

  private static void assertGoldenEntries(PackFooter footer) {
    assertEquals(3, footer.entries());
    assertEquals(new ChunkRef(ChunkKind.PAGE, id(0x11)), footer.chunk(0));
    assertEquals(HostId.parse("a1".repeat(16)), footer.owner(footer.ownerIndex(0)));
    assertEquals(HostId.parse("b2".repeat(16)), footer.owner(footer.ownerIndex(2)));
    assertEquals(new SnapshotId(id(0x12).value()), footer.snapshot(1));
    assertEquals(48 + 214, footer.offset(1));
    assertEquals(333, footer.plainLength(1));
    assertEquals(0xcafebabe, footer.crc32c(0));
    assertEquals(new SealedHash(0x2323232323232323L, 0x2323232323232323L), footer.hash(2));
    assertEquals(new ChunkRef(ChunkKind.BUNDLE, id(2)), footer.reference(0, 1));
    assertEquals(new ChunkRef(ChunkKind.PAGE, id(3)), footer.reference(2, 0));
    assertEquals(0, footer.referenceCount(1));
  }

  private static ChunkId id(int everyByte) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) everyByte);
    return ChunkId.of(bytes);
  }

  @Test
  void shouldBuildGoldenPagePackFromCopies() {
    List<String> words = Golden.lines("page-pack.txt").getFirst();
    PackId pack = PackId.parse("deadbeefdeadbeefdeadbeefdeadbeef");
    byte[] encoded = HEX.parseHex(words.get(1));
    PackFooter golden = PackFooter.parse(pack, encoded, 0, encoded.length);
    PackFooter.Builder builder = new PackFooter.Builder(golden.identity());
    for (int i = 0; i < golden.entries(); i++) {
      assertEquals(i, builder.addCopy(golden, i));
    }
    assertEquals(words.get(3), builder.build().sha256().toString());
  }

  @Test
  void everyPackReadsBackFromItsTail() {
    for (PackContent content : PackContent.values()) {
      PackHeader identity = new PackHeader(content, PackKit.REPOSITORY, PackKit.PACK);
      List<SealedChunk> chunks = PackKit.chunks(content, 50, new Random(3));
      byte[] pack = PackKit.pack(identity, chunks);
      PackFooter footer = footer(pack, 100);
      assertEquals(chunks.size(), footer.entries());
      assertEquals(3, footer.owners());
      for (int i = 0; i < chunks.size(); i++) {
        assertLists(chunks.get(i), footer, i, pack);
      }
    }
  }

  /** As a reader does it: some bytes from the end, then what the trailer says is missing. */
  private static PackFooter footer(byte[] pack, int firstRead) {
    byte[] tail = Arrays.copyOfRange(pack, pack.length - firstRead, pack.length);
    PackTail located = PackTail.locate(PackKit.PACK, tail, pack.length);
    assertThrows(IllegalArgumentException.class, () -> located.footer(tail));
    assertEquals(pack.length - located.tailLength(), located.footerOffset());
    return located.footer(Arrays.copyOfRange(pack, (int) located.footerOffset() - 5, pack.length));
  }

  private static void assertLists(SealedChunk chunk, PackFooter footer, int index, byte[] pack) {
    int offset = footer.offset(index);
    int end = offset + footer.sealedLength(index);
    assertTrue(Arrays.equals(chunk.bytes(), 0, chunk.sealedLength(), pack, offset, end));
    assertEquals(chunk.ref(), footer.chunk(index));
    assertEquals(chunk.plainLength(), footer.plainLength(index));
    assertEquals(chunk.crc32c(), footer.crc32c(index));
    assertEquals(chunk.hash(), footer.hash(index));
    assertEquals(PackKit.host(index % 3), footer.owner(footer.ownerIndex(index)));
    int count = PackKit.header(chunk).referenceCount();
    assertEquals(count, footer.referenceCount(index));
    for (int i = 0; i < count; i++) {
      assertEquals(PackKit.header(chunk).reference(i), footer.reference(index, i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> footer.reference(index, count));
  }

  @Test
  void shouldTellSnapshotRecordsFromChunks() {
    PackFooter.Builder builder = new PackFooter.Builder(PackKit.PAGES);
    SnapshotId snapshot = new SnapshotId(new Bytes32(1, 2, 3, 4));
    builder.addSnapshotRecord(PackKit.host(1), snapshot, 700, 5, PackKit.hash(6));
    SealedChunk page = PackKit.chunks(PackContent.PAGES, 1, new Random(1)).getFirst();
    PackKit.add(builder, PackKit.host(1), page);
    PackFooter footer = builder.build();
    assertTrue(footer.isSnapshotRecord(0));
    assertFalse(footer.isSnapshotRecord(1));
    assertEquals(snapshot, footer.snapshot(0));
    assertEquals(700 + PackLayout.HEADER_LENGTH, footer.offset(1));
    assertThrows(IllegalArgumentException.class, () -> footer.chunk(0));
    assertThrows(IllegalArgumentException.class, () -> footer.snapshot(1));
  }

  @Test
  void shouldNotMixDataAndPages() {
    SealedChunk page = PackKit.chunks(PackContent.PAGES, 1, new Random(1)).getFirst();
    SealedChunk data = PackKit.chunks(PackContent.DATA, 1, new Random(1)).getFirst();
    PackFooter.Builder dataPack = new PackFooter.Builder(PackKit.DATA);
    PackFooter.Builder pagePack = new PackFooter.Builder(PackKit.PAGES);
    HostId host = PackKit.host(1);
    assertThrows(IllegalArgumentException.class, () -> PackKit.add(dataPack, host, page));
    assertThrows(IllegalArgumentException.class, () -> PackKit.add(pagePack, host, data));
  }

  @Test
  void shouldHaveRoomToTheLastByteOfALargestPack() {
    PackFooter.Builder builder = new PackFooter.Builder(PackKit.PAGES);
    int overhead =
        PackLayout.HEADER_LENGTH + PackLayout.footerLength(1, 1, 2) + PackLayout.TRAILER_LENGTH;
    int most = PackLayout.MAXIMUM_PACK_LENGTH - overhead;
    assertTrue(builder.hasRoomFor(PackKit.host(1), most, 2));
    assertFalse(builder.hasRoomFor(PackKit.host(1), most + 1, 2));
    assertFalse(builder.hasRoomFor(PackKit.host(1), 1, PackLayout.MAXIMUM_REFERENCES + 1));
  }

  @Test
  void shouldRefuseEntryItHasNoRoomFor() {
    PackFooter.Builder builder = new PackFooter.Builder(PackKit.PAGES);
    SnapshotId snapshot = new SnapshotId(Bytes32.ZERO);
    int large = 16 << 20;
    for (int i = 0; i < 63; i++) {
      builder.addSnapshotRecord(PackKit.host(i), snapshot, large, 0, PackKit.hash(0));
    }
    assertFalse(builder.hasRoomFor(PackKit.host(0), large, 0));
    assertThrows(
        IllegalStateException.class,
        () -> builder.addSnapshotRecord(PackKit.host(0), snapshot, large, 0, PackKit.hash(0)));
    assertEquals(63, builder.build().entries());
  }

  @Test
  void footerShouldBeReadOnly() {
    byte[] pack = PackKit.pack(PackKit.DATA, PackKit.chunks(PackContent.DATA, 2, new Random(1)));
    PackFooter footer = footer(pack, 20);
    assertTrue(footer.encoded().isReadOnly());
    assertEquals(footer.length(), footer.encoded().remaining());
  }

  @Test
  void shouldNameObjectsByTheirIds() {
    PackId pack = PackId.parse("deadbeefdeadbeefdeadbeefdeadbeef");
    assertEquals("packs/de/deadbeefdeadbeefdeadbeefdeadbeef", PackLayout.objectName(pack));
  }
}
