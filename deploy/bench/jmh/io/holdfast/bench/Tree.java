package io.holdfast.bench;

import io.holdfast.common.chunking.GearTable;
import io.holdfast.common.chunking.NameHash;
import io.holdfast.common.entry.ContentTag;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.page.PageSink;
import io.holdfast.common.page.PageTree;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.page.PageTreeWriter;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.Randomness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A snapshot of many small files in memory, and a sink that names pages as an agent does. */
public final class Tree implements AutoCloseable {
  private static final int FOLDERS = 2_000;
  private static final int FILES_PER_FOLDER = 10;
  private static final int FILES_PER_BUNDLE = 300;
  private static final int BUNDLE_SLOT = 4 << 10;

  private final GearTable gear = Content.keys().gear();
  private final ChunkSealer sealer =
      new ChunkSealer(Content.keys(), SealOptions.STANDARD, Randomness.secure());
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Node> entries = new ArrayList<>();
  private final PageTree written;
  private final Map<Reference, byte[]> pages = new HashMap<>();
  private Reference bundle;
  private int inBundle = FILES_PER_BUNDLE;

  public Tree() {
    add("home", Form.DIRECTORY);
    add("home/projects", Form.DIRECTORY);
    for (int folder = 0; folder < FOLDERS; folder++) {
      String path = "home/projects/folder-%05d".formatted(folder);
      add(path, Form.DIRECTORY);
      for (int file = 0; file < FILES_PER_FOLDER; file++) {
        add("%s/document-%03d.txt".formatted(path, file), nextFile());
      }
    }
    written =
        write((plaintext, references, summary) -> {
          Reference page = name(plaintext);
          pages.put(page, plaintext);
          return page;
        });
  }

  private void add(String path, Form form) {
    long seconds = 1_700_000_000L + random.nextInt(50_000_000);
    int nanos = random.nextInt(1_000_000_000);
    int mode = form == Form.DIRECTORY ? 0755 : 0644;
    long inode = 1_000_000 + entries.size();
    Metadata metadata = new Metadata(mode, 1000, 1000, seconds, nanos, seconds + 3, nanos, inode);
    entries.add(Node.of(EntryPath.of(path), metadata, form));
  }

  private Form nextFile() {
    if (inBundle == FILES_PER_BUNDLE) {
      byte[] k = new byte[Bytes32.LENGTH];
      random.nextBytes(k);
      bundle = new Reference(ChunkKind.BUNDLE, Bytes32.of(k));
      inBundle = 0;
    }
    int length = random.nextInt(512, BUNDLE_SLOT);
    Extents extents = Extents.of(bundle, inBundle * BUNDLE_SLOT, length);
    inBundle++;
    ContentTag tag = new ContentTag(random.nextLong());
    return new Form.RegularFile(length, Segment.of(0, extents), Optional.of(tag));
  }

  /** In the order of paths. */
  public List<Node> entries() {
    return entries;
  }

  /** All entries as pages into {@code sink}. */
  public PageTree write(PageSink sink) {
    PageTreeWriter writer = writer(sink);
    entries.forEach(writer::add);
    return writer.finish(List.of(Octets.utf8("/home")));
  }

  /** A writer that cuts where this tree's pages were cut. */
  public PageTreeWriter writer(PageSink sink) {
    return new PageTreeWriter(
        sink,
        (path, offset, length, segmentOffset) ->
            NameHash.of(path, offset, length, gear, segmentOffset));
  }

  /** K of a page, by all of its bytes. */
  public Reference name(byte[] plaintext) {
    return new Reference(
        ChunkKind.PAGE, sealer.key(ChunkKind.PAGE, plaintext, 0, plaintext.length).k());
  }

  /** The snapshot as it was written, its pages at hand. */
  public PageTreeReader open() {
    return PageTreeReader.open(pages::get, written.root());
  }

  @Override
  public void close() {
    sealer.close();
  }
}
