package io.holdfast.coordinator.proof;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.page.Child;
import io.holdfast.common.page.EntryCursor;
import io.holdfast.common.page.IndexPage;
import io.holdfast.common.page.LeafPage;
import io.holdfast.common.page.PageCodec;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.pack.Footers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the files that need certain chunks, by the snapshots' pages. Opens index pages, and those
 * pages of content whose clear references name a wanted chunk; what can't be read is passed over,
 * since that is what is being looked into. Each page is visited once, so a file that changed place
 * without changing is named where it was first. One thread.
 */
final class FaultFiles {
  /** Most files named for one chunk. */
  static final int FILES_LIMIT = 100;

  private static final int DEPTH_LIMIT = 33;

  private final ProofPorts ports;
  private final Map<ChunkRef, Set<EntryPath>> found = new LinkedHashMap<>();
  private final WholePages visited = new WholePages();

  FaultFiles(ProofPorts ports, Set<ChunkRef> wanted) {
    this.ports = ports;
    wanted.forEach(chunk -> found.put(chunk, new LinkedHashSet<>()));
  }

  /** Files that need {@code chunk}, as far as they were found. */
  List<EntryPath> of(ChunkRef chunk) {
    return List.copyOf(found.getOrDefault(chunk, Set.of()));
  }

  /** Looks through {@code snapshots} until the end, or until enough was found. */
  void search(SnapshotsInOrder snapshots) {
    Optional<StoredSnapshot> next = snapshots.next();
    while (next.isPresent() && !isDone()) {
      search(next.get());
      next = snapshots.next();
    }
  }

  private boolean isDone() {
    return found.values().stream().allMatch(files -> files.size() >= FILES_LIMIT);
  }

  void search(StoredSnapshot snapshot) {
    try (OpenedChunks chunks = ports.opener().chunks(snapshot.host())) {
      new Search(snapshot, chunks).visit(ports.opener().root(snapshot), 0);
    } catch (HoldfastException e) {
      // Without its key or its root the snapshot's files can't be named; its faults are.
    }
  }

  private void add(ChunkRef chunk, EntryPath path) {
    Set<EntryPath> files = found.get(chunk);
    if (files != null && files.size() < FILES_LIMIT) {
      files.add(path);
    }
  }

  /** One snapshot. */
  private final class Search {
    private final StoredSnapshot snapshot;
    private final OpenedChunks chunks;

    Search(StoredSnapshot snapshot, OpenedChunks chunks) {
      this.snapshot = snapshot;
      this.chunks = chunks;
    }

    void visit(Reference page, int depth) {
      ChunkRef ref = chunks.ref(page);
      if (depth >= DEPTH_LIMIT || visited.contains(ref)) {
        return;
      }
      visited.add(ref);
      try {
        List<ChunkRef> clear = clearReferences(ref);
        if (clear.stream().anyMatch(this::isWorthOpening)) {
          open(page, depth);
        }
      } catch (HoldfastException e) {
        // An unreadable page leads to no name; that it is unreadable is a fault of its own.
      }
    }

    private boolean isWorthOpening(ChunkRef reference) {
      return reference.kind() == ChunkKind.PAGE || found.containsKey(reference);
    }

    private List<ChunkRef> clearReferences(ChunkRef page) {
      try (CatalogView view = ports.views().get()) {
        Optional<Location> at = view.chunks().find(page, snapshot.host(), Optional.empty());
        return at.isEmpty()
            ? List.of()
            : Footers.references(ports.footers().get(at.get().pack(), view), at.get().entry());
      }
    }

    private void open(Reference page, int depth) {
      switch (PageCodec.decode(chunks.read(page))) {
        case IndexPage index -> {
          for (Child child : index.children()) {
            add(chunks.ref(child.page()), child.first().path());
            visit(child.page(), depth + 1);
          }
        }
        case LeafPage leaf -> name(leaf);
      }
    }

    private void name(LeafPage leaf) {
      Map<Reference, ChunkRef> wanted = new HashMap<>();
      for (Reference reference : leaf.references()) {
        ChunkRef chunk = chunks.ref(reference);
        if (found.containsKey(chunk)) {
          wanted.put(reference, chunk);
        }
      }
      EntryCursor entries = leaf.entries();
      while (entries.next()) {
        name(entries.entry(), wanted);
      }
    }

    private void name(Entry entry, Map<Reference, ChunkRef> wanted) {
      segment(entry).ifPresent(segment -> name(entry.path(), segment, wanted));
    }

    private void name(EntryPath path, Segment segment, Map<Reference, ChunkRef> wanted) {
      for (int i = 0; i < segment.extents().count(); i++) {
        if (!segment.extents().isHole(i) && wanted.containsKey(segment.extents().chunk(i))) {
          add(wanted.get(segment.extents().chunk(i)), path);
        }
      }
      segment.blockMap().map(wanted::get).ifPresent(chunk -> add(chunk, path));
    }
  }

  private static Optional<Segment> segment(Entry entry) {
    return switch (entry) {
      case Continuation continuation -> Optional.of(continuation.segment());
      case Node node ->
          node.form() instanceof Form.RegularFile file
              ? Optional.of(file.first())
              : Optional.empty();
    };
  }
}
