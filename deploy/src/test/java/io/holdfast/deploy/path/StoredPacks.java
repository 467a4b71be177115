package io.holdfast.deploy.path;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackTail;
import io.holdfast.common.page.EntryCursor;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.snapshot.OpenSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What lies in which pack of a vault, by the packs' footers: when a pack is closed depends on time
 * and load, so tests look instead of assuming.
 */
public final class StoredPacks {
  private final List<Pack> packs;

  private StoredPacks(List<Pack> packs) {
    this.packs = packs;
  }

  /** A pack's file and what its footer says of it. */
  public record Pack(Path file, PackFooter footer) {
    public PackId id() {
      return footer.identity().pack();
    }

    /** Kinds of chunks in it; copies of snapshot records are of none. */
    public Set<ChunkKind> kinds() {
      Set<ChunkKind> kinds = EnumSet.noneOf(ChunkKind.class);
      chunks().forEach(chunk -> kinds.add(chunk.kind()));
      return kinds;
    }

    /** Whether it holds contents of files, with or without their block maps, and nothing else. */
    public boolean isOfContents() {
      return kinds().contains(ChunkKind.DATA)
          && Set.of(ChunkKind.DATA, ChunkKind.BLOCK_MAP).containsAll(kinds());
    }

    public List<ChunkRef> chunks() {
      return entries()
          .filter(entry -> !footer.isSnapshotRecord(entry))
          .mapToObj(footer::chunk)
          .toList();
    }

    /** Offset of a byte in the middle of each copy of a snapshot record. */
    public List<Integer> middlesOfCopies() {
      return entries().filter(footer::isSnapshotRecord).mapToObj(this::middle).toList();
    }

    /** Offset of a byte in the middle of the largest sealed chunk. */
    public int middleOfLargest() {
      return middle(largest());
    }

    public ChunkRef largestChunk() {
      return footer.chunk(largest());
    }

    private int largest() {
      return entries()
          .filter(entry -> !footer.isSnapshotRecord(entry))
          .boxed()
          .max(Comparator.comparingInt(footer::sealedLength))
          .orElseThrow();
    }

    private int middle(int entry) {
      return footer.offset(entry) + footer.sealedLength(entry) / 2;
    }

    private IntStream entries() {
      return IntStream.range(0, footer.entries());
    }
  }

  /** Reads the footers of all packs below {@code vault}, which must be whole. */
  public static StoredPacks of(Path vault) throws IOException {
    List<Pack> packs = new ArrayList<>();
    try (Stream<Path> all = Files.walk(vault.resolve("packs"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        PackId id = PackId.parse(file.getFileName().toString());
        packs.add(new Pack(file, PackTail.locate(id, bytes, bytes.length).footer(bytes)));
      }
    }
    packs.sort(
        Comparator.comparingInt((Pack pack) -> pack.footer().packLength())
            .thenComparing(Pack::id)
            .reversed());
    return new StoredPacks(packs);
  }

  /** All packs, the largest first. */
  public List<Pack> all() {
    return packs;
  }

  /** The largest pack of files' contents. */
  public Pack largestOfContents() {
    return packs.stream()
        .filter(Pack::isOfContents)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no pack holds contents alone"));
  }

  /** Chunks that lie in {@code pack} and in no other. */
  public Set<ChunkRef> onlyIn(Pack pack) {
    Set<ChunkRef> only = new TreeSet<>(pack.chunks());
    packs.stream()
        .filter(other -> !other.id().equals(pack.id()))
        .forEach(other -> only.removeAll(other.chunks()));
    return only;
  }

  /** Paths of {@code snapshot} some of whose content lies in one of {@code chunks}. */
  public static Set<String> pathsThatNeed(Set<ChunkRef> chunks, OpenSnapshot snapshot) {
    Set<String> paths = new TreeSet<>();
    EntryCursor entries = PageTreeReader.open(snapshot.content(), snapshot.root()).entries();
    while (entries.next()) {
      if (extents(entries.entry()).filter(extents -> usesAny(extents, chunks)).isPresent()) {
        paths.add(entries.entry().path().toString());
      }
    }
    return paths;
  }

  private static Optional<Extents> extents(Entry entry) {
    return switch (entry) {
      case Continuation continuation -> Optional.of(continuation.segment().extents());
      case Node node ->
          node.form() instanceof Form.RegularFile file
              ? Optional.of(file.first().extents())
              : Optional.empty();
    };
  }

  private static boolean usesAny(Extents extents, Set<ChunkRef> chunks) {
    return IntStream.range(0, extents.count())
        .filter(each -> !extents.isHole(each))
        .mapToObj(extents::chunk)
        .anyMatch(used -> chunks.contains(new ChunkKey(used.kind(), used.key()).ref()));
  }
}
