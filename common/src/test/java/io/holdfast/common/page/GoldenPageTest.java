package io.holdfast.common.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.entry.ContentTag;
import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.entry.Xattr;
import io.holdfast.common.entry.Xattrs;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Pages of version 1 as they were first written; every release reads them and writes them the same.
 * Run with {@code -Dgolden.write=<directory>} to make the files of a new version, never to renew
 * old ones.
 */
class GoldenPageTest {
  private static final Metadata METADATA =
      new Metadata(0755, 1000, 4_294_967_295L, -1, 999_999_999, 1_700_000_000, 1, -2);

  @Test
  void leafOfVersion1IsForEver() {
    OpenPage page = new OpenPage(0, MemoryPages.NAMES);
    EntrySequence sequence = new EntrySequence(ErrorCode.INTERNAL);
    entries().forEach(entry -> page.add(entry, sequence.accept(entry)));
    byte[] golden = golden("leaf.page", page.toPlaintext());

    assertArrayEquals(golden, page.toPlaintext());
    LeafPage leaf = (LeafPage) PageCodec.decode(golden);
    assertEquals(entries(), PageTreeTest.readAll(leaf.entries()));
    assertEquals(4, leaf.references().size());
  }

  @Test
  void indexOfVersion1IsForEver() {
    OpenPage page = new OpenPage(1, MemoryPages.NAMES);
    children().forEach(page::add);
    byte[] golden = golden("index.page", page.toPlaintext());

    assertArrayEquals(golden, page.toPlaintext());
    IndexPage index = (IndexPage) PageCodec.decode(golden);
    assertEquals(children(), index.children());
    assertEquals(Optional.empty(), index.root());
  }

  @Test
  void rootOfVersion1IsForEver() {
    OpenPage page = new OpenPage(2, MemoryPages.NAMES);
    children().forEach(page::add);
    RootHeader header =
        new RootHeader(List.of(Octets.utf8("/etc"), Octets.utf8("/srv/www")), page.totals());
    byte[] golden = golden("root.page", page.toRootPlaintext(header));

    assertArrayEquals(golden, page.toRootPlaintext(header));
    IndexPage root = (IndexPage) PageCodec.decode(golden);
    assertEquals(children(), root.children());
    assertEquals(Optional.of(header), root.root());
  }

  /** Cut points, by the test's name hash: which entries begin a page, level by level. */
  @Test
  void cutsOfVersion1AreForEver() {
    List<String> cuts = new ArrayList<>();
    MemoryPages pages = new MemoryPages();
    PageSink sink =
        (plaintext, references, summary) -> {
          cuts.add(summary.level() + " " + summary.items() + " " + plaintext.length);
          return pages.store(plaintext, references, summary);
        };
    PageTreeWriter writer = new PageTreeWriter(sink, MemoryPages.NAMES);
    for (int at = 0; at < 20_000; at++) {
      writer.add(plain("file-%06d.txt".formatted(at), at));
    }
    PageTree tree = writer.finish(List.of(Octets.utf8("/")));
    cuts.add("root " + tree.root().key());
    byte[] text = String.join("\n", cuts).concat("\n").getBytes(StandardCharsets.UTF_8);

    byte[] golden = golden("cuts.txt", text);
    assertEquals(new String(golden, StandardCharsets.UTF_8), String.join("\n", cuts) + "\n");
  }

  private static Node plain(String path, int number) {
    Extents extents = Extents.of(reference(ChunkKind.DATA, number / 100), number % 100 * 1_000, 10);
    return Node.of(EntryPath.of(path), METADATA, new Form.RegularFile(10, Segment.of(0, extents)));
  }

  private static List<Entry> entries() {
    Reference data = reference(ChunkKind.DATA, 1);
    Reference bundle = reference(ChunkKind.BUNDLE, 2);
    Extents first =
        new Extents.Builder().add(data, 0, 1 << 20).addHole(1L << 40).add(bundle, 77, 300).build();
    Segment mapped =
        new Segment(
            first.totalBytes(),
            Extents.of(bundle, 377, 1_000),
            Optional.of(reference(ChunkKind.BLOCK_MAP, 3)));
    Segment last =
        Segment.of(mapped.endBytes() + 5, Extents.of(reference(ChunkKind.DATA, 4), 0, 1));
    Xattrs xattrs =
        new Xattrs(
            List.of(
                new Xattr(Octets.utf8("system.posix_acl_access"), Octets.of(new byte[] {2, 0})),
                new Xattr(Octets.utf8("user.empty"), Octets.EMPTY)));
    EntryPath file = path("srv/big");
    return List.of(
        Node.of(path("srv"), METADATA, Form.DIRECTORY).withXattrs(xattrs),
        Node.of(file, METADATA, new Form.RegularFile(1L << 50, Segment.of(0, first)))
            .withLinkDevice(2_049),
        Continuation.of(file, mapped),
        new Continuation(file, last, Optional.of(new Gap(GapReason.INPUT_OUTPUT_ERROR, 5))),
        Node.of(path("srv/block"), METADATA, new Form.BlockDevice(259, 4_294_967_295L)),
        Node.of(path("srv/char"), METADATA, new Form.CharacterDevice(1, 3)),
        Node.of(path("srv/empty"), METADATA, new Form.RegularFile(0, Segment.EMPTY)),
        Node.of(path("srv/fifo"), METADATA, Form.FIFO),
        Node.of(path("srv/link"), METADATA, new Form.SymbolicLink(Octets.utf8("../etc"))),
        Node.of(
            path("srv/small"),
            METADATA,
            new Form.RegularFile(
                40,
                Segment.of(0, Extents.of(bundle, 1_377, 40)),
                Optional.of(new ContentTag(0xfedcba9876543210L)))),
        Node.of(path("srv/socket"), METADATA, Form.SOCKET),
        Node.of(path("srv/unread"), METADATA, new Form.RegularFile(9, Segment.EMPTY))
            .withGap(Gap.of(GapReason.UNREADABLE)),
        Node.of(EntryPath.of(new byte[] {'s', 'r', 'v', (byte) 0xff}), METADATA, Form.DIRECTORY));
  }

  private static List<Child> children() {
    return List.of(
        new Child(
            new EntryKey(path("etc"), 0), reference(ChunkKind.PAGE, 1), new Totals(1, 2, 3, 4, 5)),
        new Child(
            new EntryKey(path("srv/big"), 1L << 30),
            reference(ChunkKind.PAGE, 2),
            new Totals(0, 0, 0, 0, 0)),
        new Child(
            new EntryKey(path("srv/big"), 2L << 30),
            reference(ChunkKind.PAGE, 3),
            new Totals(1_000_000, 900_000, 99_999, 1L << 50, 128)));
  }

  private static EntryPath path(String text) {
    return EntryPath.of(text);
  }

  private static Reference reference(ChunkKind kind, int number) {
    return new Reference(kind, new Bytes32(number, -1, 0x0123456789abcdefL, kind.number()));
  }

  private static byte[] golden(String name, byte[] made) {
    String directory = System.getProperty("golden.write");
    try {
      if (directory != null) {
        return Files.readAllBytes(Files.write(Path.of(directory, name), made));
      }
      try (InputStream in = GoldenPageTest.class.getResourceAsStream("/golden/v1/" + name)) {
        return Objects.requireNonNull(in, name + " is missing").readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
