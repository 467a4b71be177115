package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.page.IndexPage;
import io.holdfast.common.page.NodeCursor;
import io.holdfast.common.page.Page;
import io.holdfast.common.page.PageCodec;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A host, its coordinator, and backups from one to the other, without a network or a disk. */
final class BackupKit implements AutoCloseable {
  final MemoryHost host = new MemoryHost();
  final MemoryCoordinator coordinator;
  final ChunkKeys keys;

  /** Long after the times that {@link MemoryHost} gives its files. */
  final ManualTime time = new ManualTime(Instant.ofEpochSecond(2_000_000_000));

  private final SparseChunks sparse = new SparseChunks();
  private final SeededRandomness randomness = new SeededRandomness(1);
  private final BackupHost identity;
  private final ExecutorService readers =
      Executors.newFixedThreadPool(3, Thread.ofPlatform().daemon().factory());

  BackupKit() {
    this(false);
  }

  /** {@code keepsKeys}: a host of a private repository. */
  BackupKit(boolean keepsKeys) {
    RepositoryId repository = RepositoryId.of(new byte[16]);
    keys = ChunkKeys.derive(repository, 1, new Bytes32(1, 2, 3, 4), new Bytes32(5, 6, 7, 8));
    HostKeyPair encryption = HostKeyPair.generate(randomness);
    identity =
        new BackupHost(
            HostId.of(new byte[16]),
            repository,
            ChunkGenerations.of(List.of(keys)),
            SigningKey.generate(randomness),
            encryption,
            HostKeyPair.generate(randomness).publicKey(),
            keepsKeys);
    coordinator = new MemoryCoordinator(identity);
  }

  BackupPorts ports() {
    return ports((plan, gaps) -> host.walk());
  }

  private BackupPorts ports(BackupPorts.Sources sources) {
    return new BackupPorts(
        coordinator::open,
        base -> coordinator.content(),
        sources,
        readers,
        Thread.ofPlatform().daemon().factory(),
        BackupLimits.STANDARD,
        SealOptions.STANDARD,
        time,
        randomness,
        sparse,
        MemorySpill::new);
  }

  BackupRun run(boolean readEverything) {
    List<byte[]> sources = List.of("/".getBytes(StandardCharsets.UTF_8));
    return new BackupRun(
        ports(), identity, new BackupPlan(RunId.of(randomness.bytes(16)), sources, readEverything));
  }

  /** One backup; counts uploads anew. */
  BackupResult backup() throws InterruptedException {
    coordinator.forgetCounts();
    return run(false).execute();
  }

  /** One backup of what isn't files, by its name. */
  BackupResult backup(String name, SourceCursor source) throws InterruptedException {
    coordinator.forgetCounts();
    BackupPlan plan =
        new BackupPlan(
            RunId.of(randomness.bytes(16)), List.of(name.getBytes(StandardCharsets.UTF_8)), false);
    return new BackupRun(ports((ignored, gaps) -> source), identity, plan).execute();
  }

  /** Fails unless the last snapshot is what the host has now, byte for byte. */
  void verify() throws InterruptedException {
    Map<EntryPath, byte[]> expected = new TreeMap<>();
    host.tree()
        .forEach((path, file) ->
            expected.put(path, file.map(MemoryHost.MemoryFile::content).orElse(new byte[0])));
    Map<EntryPath, byte[]> actual = restore();
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
    for (Map.Entry<EntryPath, byte[]> entry : expected.entrySet()) {
      assertArrayEquals(
          entry.getValue(), actual.get(entry.getKey()), () -> entry.getKey() + " differs");
    }
  }

  /** Content of all paths of the last snapshot; nothing for directories. */
  Map<EntryPath, byte[]> restore() throws InterruptedException {
    Map<EntryPath, byte[]> content = new TreeMap<>();
    try (BackupPorts.BaseContent base = coordinator.content()) {
      Map<Reference, byte[]> open = new HashMap<>();
      NodeCursor nodes = new NodeCursor(reader(base).entries());
      while (nodes.next()) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (nodes.nextSegment()) {
          write(nodes.segment(), base, open, out);
        }
        content.put(nodes.node().path(), out.toByteArray());
        if (open.size() > 64) {
          open.clear();
        }
      }
    }
    return content;
  }

  private PageTreeReader reader(BackupPorts.BaseContent base) {
    return PageTreeReader.open(base, coordinator.root());
  }

  private static void write(
      Segment segment,
      BackupPorts.BaseContent base,
      Map<Reference, byte[]> open,
      ByteArrayOutputStream out)
      throws InterruptedException {
    Extents extents = segment.extents();
    for (int i = 0; i < extents.count(); i++) {
      int length = Math.toIntExact(extents.lengthBytes(i));
      if (extents.isHole(i)) {
        out.write(new byte[length], 0, length);
        continue;
      }
      byte[] chunk = open.get(extents.chunk(i));
      if (chunk == null) {
        chunk = base.chunk(extents.chunk(i), extents.chunk(i));
        open.put(extents.chunk(i), chunk);
      }
      out.write(chunk, extents.offset(i), length);
    }
  }

  /** Nodes of the last snapshot that are files. */
  List<Node> files() {
    List<Node> files = new ArrayList<>();
    try (BackupPorts.BaseContent base = coordinator.content()) {
      NodeCursor nodes = new NodeCursor(reader(base).entries());
      while (nodes.next()) {
        if (nodes.node().type() == EntryType.FILE) {
          files.add(nodes.node());
        }
      }
    }
    return files;
  }

  Node node(String path) {
    return files().stream()
        .filter(node -> node.path().equals(EntryPath.of(path)))
        .findFirst()
        .orElseThrow();
  }

  /** Extents of all segments of a file in the last snapshot. */
  int extents(String path) {
    int count = 0;
    try (BackupPorts.BaseContent base = coordinator.content()) {
      NodeCursor nodes = new NodeCursor(reader(base).entries());
      while (nodes.next()) {
        if (nodes.node().path().equals(EntryPath.of(path))) {
          while (nodes.nextSegment()) {
            count += nodes.segment().extents().count();
          }
        }
      }
    }
    return count;
  }

  /** Page references of the last snapshot by level, leaves first; the root isn't among them. */
  List<List<ChunkRef>> pages() {
    Map<Integer, List<ChunkRef>> levels = new TreeMap<>();
    try (BackupPorts.BaseContent base = coordinator.content()) {
      collect(base, coordinator.root(), levels);
    }
    return List.copyOf(levels.values());
  }

  private static void collect(
      BackupPorts.BaseContent base, Reference reference, Map<Integer, List<ChunkRef>> levels) {
    Page page = PageCodec.decode(base.read(reference));
    if (page instanceof IndexPage index) {
      for (Reference child : index.references()) {
        levels.computeIfAbsent(index.level() - 1, level -> new ArrayList<>()).add(id(child));
        if (index.level() > 1) {
          collect(base, child, levels);
        }
      }
    }
  }

  static ChunkRef id(Reference reference) {
    return new ChunkKey(reference.kind(), reference.key()).ref();
  }

  /** Random bytes that don't compress. */
  static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
