package io.holdfast.common.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EntryTest {
  private static final EntryPath PATH = EntryPath.of("f");
  private static final Metadata METADATA = new Metadata(0644, 0, 0, 1, 2, 3, 4, 5);
  private static final Reference CHUNK = reference(ChunkKind.DATA, 1);

  private static Reference reference(ChunkKind kind, int number) {
    return new Reference(kind, new Bytes32(number, 0x123456789abcdefL, 2, 3));
  }

  @Test
  void aReferenceNeverShowsItsKey() {
    String shown = CHUNK + " " + Extents.of(CHUNK, 0, 5) + " " + nodeOf(Segment.EMPTY);
    assertFalse(shown.contains("123456789abcdef"), shown);
    assertEquals("data reference", CHUNK.toString());
  }

  private static Node nodeOf(Segment segment) {
    return Node.of(PATH, METADATA, new Form.RegularFile(segment.lengthBytes(), segment));
  }

  @Test
  void neighbouringExtentsThatGoOnAreJoined() {
    Extents joined =
        new Extents.Builder()
            .add(CHUNK, 0, 10)
            .add(CHUNK, 10, 20)
            .addHole(5)
            .addHole(6)
            .add(CHUNK, 31, 1)
            .add(reference(ChunkKind.DATA, 2), 32, 1)
            .build();
    assertEquals(4, joined.count());
    assertEquals(30, joined.lengthBytes(0));
    assertTrue(joined.isHole(1));
    assertEquals(11, joined.lengthBytes(1));
    assertEquals(43, joined.totalBytes());
    assertEquals(
        joined,
        new Extents.Builder()
            .add(CHUNK, 0, 30)
            .addHole(11)
            .add(CHUNK, 31, 1)
            .add(reference(ChunkKind.DATA, 2), 32, 1)
            .build());
  }

  @Test
  void shouldRefuseExtentsThatNoChunkHolds() {
    Extents.Builder extents = new Extents.Builder();
    refused(() -> extents.add(CHUNK, 0, 0));
    refused(() -> extents.add(CHUNK, 0, -1));
    refused(() -> extents.add(CHUNK, -1, 1));
    refused(() -> extents.add(CHUNK, 0, (16 << 20) + 1));
    refused(() -> extents.add(CHUNK, 16 << 20, 1));
    refused(() -> extents.addHole(0));
    refused(() -> extents.addHole(-5));
    refused(() -> extents.add(reference(ChunkKind.PAGE, 1), 0, 1));
    refused(() -> extents.add(reference(ChunkKind.BLOCK_MAP, 1), 0, 1));
    assertEquals(0, extents.count());
    extents.addHoleApart(Long.MAX_VALUE).addHoleApart(1);
    refused(extents::build);
  }

  @Test
  void shouldRefuseOneExtentTooMany() {
    Extents.Builder extents = new Extents.Builder();
    for (int at = 0; at < Extents.MAX_COUNT; at++) {
      extents.add(CHUNK, 2 * at, 1);
    }
    refused(() -> extents.add(CHUNK, 0, 1));
    assertEquals(Extents.MAX_COUNT, extents.build().count());
  }

  @Test
  void shouldRefuseSegmentsThatDontFit() {
    Optional<Reference> map = Optional.of(reference(ChunkKind.BLOCK_MAP, 1));
    Extents gib = new Extents.Builder().addHole(1L << 30).build();
    Extents more = new Extents.Builder().addHole((1L << 30) + 1).build();
    assertEquals(1L << 30, new Segment(0, gib, map).endBytes());
    refused(() -> new Segment(0, more, map));
    refused(() -> new Segment(0, gib, Optional.of(CHUNK)));
    refused(() -> Segment.of(-1, gib));
    refused(() -> Segment.of(Long.MAX_VALUE, gib));
    refused(() -> new Form.RegularFile(5, Segment.of(1, gib)));
    refused(() -> new Form.RegularFile(-1, Segment.EMPTY));
    refused(() -> Continuation.of(PATH, Segment.EMPTY));
    refused(() -> Continuation.of(PATH, Segment.of(1, Extents.EMPTY)));
  }

  @Test
  void onlyOnePieceOfABundleShouldHaveAContentTag() {
    Reference bundle = reference(ChunkKind.BUNDLE, 1);
    Optional<ContentTag> tag = Optional.of(new ContentTag(-1));
    Segment piece = Segment.of(0, Extents.of(bundle, 7, 100));
    assertEquals(tag, new Form.RegularFile(100, piece, tag).tag());
    refused(() -> new Form.RegularFile(101, piece, tag));
    refused(() -> new Form.RegularFile(0, Segment.EMPTY, tag));
    refused(() -> new Form.RegularFile(9, Segment.of(0, Extents.of(CHUNK, 7, 9)), tag));
    Extents hole = new Extents.Builder().addHole(9).build();
    refused(() -> new Form.RegularFile(9, Segment.of(0, hole), tag));
    Extents two = new Extents.Builder().add(bundle, 0, 4).add(bundle, 5, 5).build();
    refused(() -> new Form.RegularFile(9, Segment.of(0, two), tag));
    Optional<Reference> map = Optional.of(reference(ChunkKind.BLOCK_MAP, 1));
    Segment mapped = new Segment(0, Extents.of(bundle, 7, 100), map);
    refused(() -> new Form.RegularFile(100, mapped, tag));
  }

  @Test
  void shouldRefuseMetadataThatIsNone() {
    refused(() -> new Metadata(1 << 12, 0, 0, 0, 0, 0, 0, 0));
    refused(() -> new Metadata(0, 1L << 32, 0, 0, 0, 0, 0, 0));
    refused(() -> new Metadata(0, 0, -1, 0, 0, 0, 0, 0));
    refused(() -> new Metadata(0, 0, 0, 0, 1_000_000_000, 0, 0, 0));
    refused(() -> new Metadata(0, 0, 0, 0, 0, 0, -1, 0));
    refused(() -> new Form.BlockDevice(1L << 32, 0));
    refused(() -> new Form.SymbolicLink(Octets.of(new byte[] {'a', 0})));
    refused(() -> new Form.SymbolicLink(Octets.of(new byte[65_536])));
    refused(() -> new Gap(GapReason.VANISHED, -1));
  }

  @Test
  void shouldRefuseNodesThatCantBe() {
    Node directory = Node.of(PATH, METADATA, Form.DIRECTORY);
    Node link = Node.of(PATH, METADATA, new Form.SymbolicLink(Octets.utf8("x")));
    Form unread = new Form.SymbolicLink(Octets.EMPTY);
    refused(() -> directory.withLinkDevice(1));
    refused(() -> link.withForm(unread));
    Gap gap = Gap.of(GapReason.UNREADABLE);
    assertEquals(Optional.of(gap), link.withGap(gap).withForm(unread).gap());
    assertEquals(
        Optional.of(new LinkGroup(9, 5)), nodeOf(Segment.EMPTY).withLinkDevice(9).linkGroup());
  }

  @Test
  void shouldRefuseAttributesThatDontFitOrAreOutOfOrder() {
    Xattr a = new Xattr(Octets.utf8("user.a"), Octets.EMPTY);
    Xattr b = new Xattr(Octets.utf8("user.b"), Octets.of(new byte[65_536 - 12]));
    Xattr c = new Xattr(Octets.utf8("user.c"), Octets.EMPTY);
    assertEquals(List.of(a, b), Xattrs.sorted(List.of(b, a)).all());
    refused(() -> new Xattrs(List.of(b, a)));
    refused(() -> new Xattrs(List.of(a, a)));
    refused(() -> new Xattrs(List.of(a, b, c)));
    refused(() -> new Xattr(Octets.EMPTY, Octets.EMPTY));
    refused(() -> new Xattr(Octets.utf8("x".repeat(256)), Octets.EMPTY));
  }

  private static void refused(Executable making) {
    assertThrows(IllegalArgumentException.class, making);
  }
}
