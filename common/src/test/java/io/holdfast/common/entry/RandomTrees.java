package io.holdfast.common.entry;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Seeded snapshots: lists of entries in order, with every type, odd names, holes, gaps, attributes,
 * link groups and files of many segments; and later states of them. The same seed gives the same
 * trees.
 */
public final class RandomTrees {
  private static final int BUNDLE_BYTES = 1 << 20;

  private final SplittableRandom random;
  private Reference bundle;
  private int bundleOffset;

  public RandomTrees(long seed) {
    random = new SplittableRandom(seed);
    bundle = reference(ChunkKind.BUNDLE);
  }

  /** A tree of {@code paths} paths. */
  public List<Entry> entries(int paths) {
    NavigableMap<EntryPath, List<Entry>> tree = new TreeMap<>();
    List<EntryPath> directories = new ArrayList<>();
    while (tree.size() < paths) {
      addPath(tree, directories);
    }
    return flat(tree);
  }

  /**
   * A later state of {@code entries}: {@code steps} paths added, removed with what is below,
   * changed.
   */
  public List<Entry> later(List<Entry> entries, int steps) {
    NavigableMap<EntryPath, List<Entry>> tree = byPath(entries);
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(3)) {
        case 0 -> addPath(tree, directoriesOf(tree));
        case 1 -> remove(tree);
        default -> change(tree);
      }
    }
    return flat(tree);
  }

  /** The entries by their path, a file's continuations with it. */
  public static NavigableMap<EntryPath, List<Entry>> byPath(List<Entry> entries) {
    NavigableMap<EntryPath, List<Entry>> tree = new TreeMap<>();
    for (Entry entry : entries) {
      tree.computeIfAbsent(entry.path(), path -> new ArrayList<>()).add(entry);
    }
    return tree;
  }

  private static List<Entry> flat(Map<EntryPath, List<Entry>> tree) {
    return tree.values().stream().flatMap(List::stream).toList();
  }

  private static List<EntryPath> directoriesOf(Map<EntryPath, List<Entry>> tree) {
    List<EntryPath> directories = new ArrayList<>();
    tree.forEach((path, entries) -> {
      if (entries.getFirst().type() == EntryType.DIRECTORY) {
        directories.add(path);
      }
    });
    return directories;
  }

  private void addPath(NavigableMap<EntryPath, List<Entry>> tree, List<EntryPath> directories) {
    EntryPath path = newPath(directories);
    if (tree.containsKey(path)) {
      return;
    }
    List<Entry> entries = path(path);
    tree.put(path, entries);
    if (entries.getFirst().type() == EntryType.DIRECTORY) {
      directories.add(path);
    }
  }

  private EntryPath newPath(List<EntryPath> directories) {
    Octets name = name();
    if (directories.isEmpty() || random.nextInt(20) == 0) {
      return EntryPath.of(name.toByteArray());
    }
    EntryPath parent = directories.get(random.nextInt(directories.size()));
    return parent.length() > 2_000 ? EntryPath.of(name.toByteArray()) : parent.child(name);
  }

  private void remove(NavigableMap<EntryPath, List<Entry>> tree) {
    EntryPath top = any(tree);
    if (top != null) {
      tree.subMap(top, true, top.afterSubtree(), false).clear();
    }
  }

  private void change(NavigableMap<EntryPath, List<Entry>> tree) {
    EntryPath path = any(tree);
    if (path == null) {
      return;
    }
    Node node = (Node) tree.get(path).getFirst();
    List<Entry> changed =
        node.isDirectory() ? List.of(node.withMetadata(metadata())) : fileOrOther(path);
    tree.subMap(path, true, path.afterSubtree(), false).clear();
    tree.put(path, changed);
    if (node.isDirectory()) {
      return;
    }
    // Sometimes only a later segment of a long file changes.
    if (random.nextInt(4) == 0) {
      tree.put(path, longFile(path));
    }
  }

  private EntryPath any(NavigableMap<EntryPath, List<Entry>> tree) {
    List<EntryPath> paths = List.copyOf(tree.keySet());
    return paths.isEmpty() ? null : paths.get(random.nextInt(paths.size()));
  }

  private Octets name() {
    return switch (random.nextInt(10)) {
      case 0 -> oddName();
      case 1 -> Octets.utf8("naïve-" + random.nextInt(1_000));
      default -> Octets.utf8("file" + random.nextInt(100_000) + ".txt");
    };
  }

  private Octets oddName() {
    byte[] bytes = new byte[1 + random.nextInt(20)];
    for (int at = 0; at < bytes.length; at++) {
      byte b = (byte) random.nextInt();
      bytes[at] = b == 0 || b == '/' || b == '.' ? (byte) 0xff : b;
    }
    return Octets.of(bytes);
  }

  private List<Entry> path(EntryPath path) {
    return random.nextInt(6) == 0
        ? List.of(Node.of(path, metadata(), Form.DIRECTORY).withXattrs(xattrs()))
        : fileOrOther(path);
  }

  private List<Entry> fileOrOther(EntryPath path) {
    return switch (random.nextInt(40)) {
      case 0 -> List.of(Node.of(path, metadata(), new Form.SymbolicLink(Octets.utf8("../x"))));
      case 1 -> List.of(Node.of(path, metadata(), new Form.CharacterDevice(5, 0xffff_ffffL)));
      case 2 -> List.of(Node.of(path, metadata(), new Form.BlockDevice(8, 1)));
      case 3 -> List.of(Node.of(path, metadata(), Form.FIFO));
      case 4 -> List.of(Node.of(path, metadata(), Form.SOCKET));
      case 5 -> longFile(path);
      case 6 -> List.of(file(path).withGap(new Gap(GapReason.CHANGED_WHILE_READ, 5)));
      case 7 -> List.of(file(path).withLinkDevice(random.nextLong()));
      case 8 -> List.of(file(path).withXattrs(xattrs()));
      default -> List.of(file(path));
    };
  }

  /** A file of one segment. */
  public Node file(EntryPath path) {
    Extents.Builder extents = new Extents.Builder();
    long size = 0;
    for (int pieces = random.nextInt(3); pieces > 0; pieces--) {
      int length = 1 + random.nextInt(20_000);
      addPiece(extents, length);
      size += length;
    }
    Segment content = Segment.of(0, extents.build());
    return Node.of(path, metadata(), new Form.RegularFile(size, content, tag(content)));
  }

  /** Of most files that may have one. */
  private static Optional<ContentTag> tag(Segment content) {
    Extents extents = content.extents();
    boolean onePiece = extents.count() == 1 && !extents.isHole(0);
    return onePiece && extents.totalBytes() % 5 != 0
        ? Optional.of(new ContentTag(extents.totalBytes() * 0x9E3779B97F4A7C15L))
        : Optional.empty();
  }

  private void addPiece(Extents.Builder extents, int length) {
    if (random.nextInt(10) == 0) {
      extents.addHole(length);
      return;
    }
    if (bundleOffset + length > BUNDLE_BYTES) {
      bundle = reference(ChunkKind.BUNDLE);
      bundleOffset = 0;
    }
    extents.add(bundle, bundleOffset, length);
    bundleOffset += length;
  }

  private List<Entry> longFile(EntryPath path) {
    List<Segment> segments = new ArrayList<>();
    long end = 0;
    for (int count = 2 + random.nextInt(3); count > 0; count--) {
      Segment segment = segment(end);
      segments.add(segment);
      end = segment.endBytes();
    }
    List<Entry> entries = new ArrayList<>();
    Node node = Node.of(path, metadata(), new Form.RegularFile(end, segments.getFirst()));
    entries.add(node);
    boolean gap = random.nextBoolean();
    for (Segment segment : segments.subList(1, segments.size())) {
      boolean last = segment.endBytes() == end;
      entries.add(
          new Continuation(
              path,
              segment,
              gap && last ? Optional.of(Gap.of(GapReason.INPUT_OUTPUT_ERROR)) : Optional.empty()));
    }
    return List.copyOf(entries);
  }

  private Segment segment(long offset) {
    Extents.Builder extents = new Extents.Builder();
    for (int count = 1 + random.nextInt(100); count > 0; count--) {
      extents.add(reference(ChunkKind.DATA), 0, 1 + random.nextInt(1 << 20));
    }
    return new Segment(
        offset,
        extents.build(),
        random.nextBoolean() ? Optional.of(reference(ChunkKind.BLOCK_MAP)) : Optional.empty());
  }

  private Xattrs xattrs() {
    List<Xattr> xattrs = new ArrayList<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      xattrs.add(new Xattr(Octets.utf8("user.k" + count), Octets.utf8("v" + random.nextInt())));
    }
    return Xattrs.sorted(xattrs);
  }

  public Metadata metadata() {
    return new Metadata(
        random.nextInt(1 << 12),
        random.nextLong(1L << 32),
        random.nextInt(100),
        random.nextLong() >> random.nextInt(64),
        random.nextInt(1_000_000_000),
        1_700_000_000L + random.nextInt(1_000_000),
        random.nextInt(1_000_000_000),
        random.nextLong());
  }

  public Reference reference(ChunkKind kind) {
    return new Reference(
        kind,
        new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
  }
}
