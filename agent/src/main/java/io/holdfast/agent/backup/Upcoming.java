package io.holdfast.agent.backup;

import io.holdfast.common.entry.ContentTag;
import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.rpc.Futures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An entry on its way to the pages; some wait for keys that are still being computed. */
sealed interface Upcoming {
  /** The entry, once everything it needs is known. Waits. */
  Entry entry() throws InterruptedException;

  /** The same file at another of its paths. */
  default Upcoming at(EntryPath path) {
    throw new IllegalStateException("only a whole file has other paths");
  }

  /** Nothing to wait for. */
  record Ready(Entry entry) implements Upcoming {
    @Override
    public Upcoming at(EntryPath path) {
      return entry instanceof Node node ? new Ready(node.withPath(path)) : Upcoming.super.at(path);
    }
  }

  /**
   * A file's first segment.
   *
   * @param tag of a file that is one piece of a bundle, and whole
   */
  record FileStart(Node node, long sizeBytes, Content content, Optional<ContentTag> tag)
      implements Upcoming {
    @Override
    public Entry entry() throws InterruptedException {
      Node whole = node.withForm(new Form.RegularFile(sizeBytes, content.segment(0), tag));
      return content.gap().map(whole::withGap).orElse(whole);
    }

    @Override
    public Upcoming at(EntryPath path) {
      return new FileStart(node.withPath(path), sizeBytes, content, tag);
    }
  }

  /** A later segment. */
  record FilePart(EntryPath path, long offsetBytes, Content content) implements Upcoming {
    @Override
    public Entry entry() throws InterruptedException {
      return new Continuation(path, content.segment(offsetBytes), content.gap());
    }
  }

  /** Where the bytes of a segment will lie. */
  record Content(
      List<Part> parts, Optional<CompletableFuture<Reference>> blockMap, Optional<Gap> gap) {
    static final Content NOTHING = new Content(List.of(), Optional.empty(), Optional.empty());

    Segment segment(long offsetBytes) throws InterruptedException {
      Extents.Builder extents = new Extents.Builder(parts.size());
      for (Part part : parts) {
        part.addTo(extents);
      }
      Optional<Reference> map =
          blockMap.isPresent() ? Optional.of(Futures.await(blockMap.get())) : Optional.empty();
      return new Segment(offsetBytes, extents.build(), map);
    }
  }

  /** A stretch of content. */
  sealed interface Part {
    long lengthBytes();

    void addTo(Extents.Builder extents) throws InterruptedException;

    /** {@code count} bytes of it from {@code from}. */
    Part slice(long from, long count);

    /** This and {@code next} as one, if {@code next} goes on where this ends. */
    Optional<Part> joined(Part next);
  }

  /** A hole. */
  record Hole(long lengthBytes) implements Part {
    @Override
    public void addTo(Extents.Builder extents) {
      extents.addHole(lengthBytes);
    }

    @Override
    public Part slice(long from, long count) {
      return new Hole(count);
    }

    @Override
    public Optional<Part> joined(Part next) {
      return next instanceof Hole(long count)
          ? Optional.of(new Hole(lengthBytes + count))
          : Optional.empty();
    }
  }

  /** A stretch of a chunk whose key may still be computed. */
  record Stretch(CompletableFuture<Reference> chunk, int offset, long lengthBytes) implements Part {
    @Override
    public void addTo(Extents.Builder extents) throws InterruptedException {
      extents.add(Futures.await(chunk), offset, lengthBytes);
    }

    @Override
    public Part slice(long from, long count) {
      return new Stretch(chunk, Math.toIntExact(offset + from), count);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very same bundle, not an equal one
    public Optional<Part> joined(Part next) {
      return next instanceof Stretch that
              && that.chunk == chunk
              && that.offset == offset + lengthBytes
          ? Optional.of(new Stretch(chunk, offset, lengthBytes + that.lengthBytes))
          : Optional.empty();
    }
  }

  /** A stretch of a chunk of the base. */
  record Old(Reference chunk, int offset, long lengthBytes) implements Part {
    @Override
    public void addTo(Extents.Builder extents) {
      extents.add(chunk, offset, lengthBytes);
    }

    @Override
    public Part slice(long from, long count) {
      return new Old(chunk, Math.toIntExact(offset + from), count);
    }

    @Override
    public Optional<Part> joined(Part next) {
      return next instanceof Old that
              && that.chunk.equals(chunk)
              && that.offset == offset + lengthBytes
          ? Optional.of(new Old(chunk, offset, lengthBytes + that.lengthBytes))
          : Optional.empty();
    }
  }
}
