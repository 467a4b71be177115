package io.holdfast.agent.backup;

import io.holdfast.common.chunking.ContentTagger;
import io.holdfast.common.entry.ContentTag;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.rpc.Futures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * Reads files below the minimum chunk ahead of the list, many at once, and lays their contents into
 * bundles in list order. Everything of the list passes through here, so that order is kept.
 *
 * <p>One thread calls; reads run on {@code readers}. At most {@link #WINDOW_ENTRIES} entries and
 * {@link #WINDOW_BYTES} of content wait in the window.
 */
final class SmallFiles {
  /** Files from this size on are cut into chunks of their own: the chunker's minimum. */
  static final long SIZE_LIMIT = 256 << 10;

  static final int WINDOW_ENTRIES = 1_024;
  static final long WINDOW_BYTES = 8 << 20;

  /** Files that one task reads: waking a thread for each would cost more than reading it. */
  private static final int TASK_FILES = 16;

  /** Bytes from which on a task isn't given more. */
  private static final long TASK_BYTES = 64 << 10;

  /** How often a file that changes while it is read is read again before it becomes a gap. */
  private static final int ATTEMPTS = 3;

  private static final String CHANGED = "changed while it was read, " + ATTEMPTS + " times";

  /** A file's bytes as read, with the size and times that they belong to. */
  private sealed interface Read {
    /**
     * What was read.
     *
     * @param stamp of the moment that the bytes belong to
     * @param tag if all of it was read, and anything
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Content(
        byte[] bytes,
        int length,
        SourceFile.Stamp stamp,
        Metadata metadata,
        Optional<ContentTag> tag,
        Optional<Gap> gap)
        implements Read {}

    record Failed(Gap gap, String why) implements Read {}
  }

  private sealed interface Waiting {
    record Passing(Upcoming entry) implements Waiting {}

    record Reading(
        Node node,
        OldFile old,
        long expectedBytes,
        CompletableFuture<Read> read,
        Optional<LinkTable.Group> group)
        implements Waiting {}

    /** The file is read at another path before this one. */
    record Linked(
        Node node, OldFile old, long expectedBytes, SourceFile file, LinkTable.Group group)
        implements Waiting {}
  }

  private final ExecutorService readers;
  private final ThreadLocal<ContentTagger> taggers;
  private final ChangeTimes times;
  private final BundleAssembler bundles;
  private final EntryQueue queue;
  private final RunCounters counters;
  private final Gaps gaps;
  private final Deque<Waiting> window = new ArrayDeque<>();
  private long windowBytes;

  /** Readings that no task has yet. */
  private List<Runnable> gathered = new ArrayList<>();

  private long gatheredBytes;

  /**
   * @param tagKey key of content tags
   */
  SmallFiles(
      ExecutorService readers,
      Bytes32 tagKey,
      ChangeTimes times,
      BundleAssembler bundles,
      EntryQueue queue,
      RunCounters counters,
      Gaps gaps) {
    this.readers = readers;
    this.taggers = ThreadLocal.withInitial(() -> new ContentTagger(tagKey));
    this.times = times;
    this.bundles = bundles;
    this.queue = queue;
    this.counters = counters;
    this.gaps = gaps;
  }

  /** An entry that needs no reading, in its place of the list. */
  void pass(Upcoming entry) throws InterruptedException {
    if (window.isEmpty()) {
      forward(entry);
    } else {
      enter(new Waiting.Passing(entry), 0);
    }
  }

  /**
   * Reads {@code file} in the background and closes it.
   *
   * @param old what the base has of this path
   * @param group to be filled with the result
   */
  void read(
      Node node, long sizeBytes, SourceFile file, OldFile old, Optional<LinkTable.Group> group)
      throws InterruptedException {
    CompletableFuture<Read> read = new CompletableFuture<>();
    gathered.add(() -> complete(read, file, sizeBytes, node.metadata()));
    gatheredBytes += sizeBytes;
    if (gathered.size() >= TASK_FILES || gatheredBytes >= TASK_BYTES) {
      startReading();
    }
    enter(new Waiting.Reading(node, old, sizeBytes, read, group), sizeBytes);
  }

  private void startReading() {
    List<Runnable> readings = gathered;
    gathered = new ArrayList<>();
    gatheredBytes = 0;
    readers.execute(() -> readings.forEach(Runnable::run));
  }

  private void complete(
      CompletableFuture<Read> read, SourceFile file, long sizeBytes, Metadata walked) {
    try {
      read.complete(readAndClose(file, sizeBytes, walked));
    } catch (RuntimeException | Error e) {
      read.completeExceptionally(e);
    }
  }

  /** One more path of a file that went by; {@code file} is read only if that came to nothing. */
  void link(Node node, long sizeBytes, SourceFile file, OldFile old, LinkTable.Group group)
      throws InterruptedException {
    enter(new Waiting.Linked(node, old, sizeBytes, file, group), 0);
  }

  /** Waits for everything in the window to be on its way. The open bundle stays open. */
  void finish() throws InterruptedException {
    while (!window.isEmpty()) {
      leave();
    }
  }

  private void enter(Waiting entry, long bytes) throws InterruptedException {
    while (!window.isEmpty()
        && (window.size() >= WINDOW_ENTRIES || windowBytes + bytes > WINDOW_BYTES)) {
      leave();
    }
    window.add(entry);
    windowBytes += bytes;
  }

  private void leave() throws InterruptedException {
    switch (window.remove()) {
      case Waiting.Passing(Upcoming entry) -> forward(entry);
      case Waiting.Reading reading -> {
        windowBytes -= reading.expectedBytes();
        if (!reading.read().isDone() && !gathered.isEmpty()) {
          startReading(); // it may be among them
        }
        forward(described(reading, Futures.await(reading.read())));
      }
      case Waiting.Linked linked -> {
        Optional<Upcoming> known = linked.group().content();
        if (known.isPresent()) {
          linked.file().close();
          forward(known.get().at(linked.node().path()));
        } else {
          forward(readNow(linked));
        }
      }
    }
  }

  private void forward(Upcoming entry) throws InterruptedException {
    queue.add(entry);
    bundles.entryPassed();
  }

  private Upcoming readNow(Waiting.Linked linked) throws InterruptedException {
    Read read = readAndClose(linked.file(), linked.expectedBytes(), linked.node().metadata());
    return described(
        new Waiting.Reading(
            linked.node(),
            linked.old(),
            linked.expectedBytes(),
            CompletableFuture.completedFuture(read),
            Optional.of(linked.group())),
        read);
  }

  private Upcoming described(Waiting.Reading reading, Read read) throws InterruptedException {
    return switch (read) {
      case Read.Failed failed when reading.old().unchanged().isPresent() ->
          new Upcoming.Ready(reading.old().unchanged().get());
      case Read.Failed(Gap gap, String why) -> {
        gaps.add(reading.node().path(), gap, why);
        yield new Upcoming.FileStart(
            reading.node(),
            reading.expectedBytes(),
            new Upcoming.Content(List.of(), Optional.empty(), Optional.of(gap)),
            Optional.empty());
      }
      case Read.Content content -> {
        Upcoming entry = described(reading, content);
        if (content.gap().isEmpty()) {
          reading.group().ifPresent(group -> group.fill(entry));
        }
        yield entry;
      }
    };
  }

  private Upcoming described(Waiting.Reading reading, Read.Content read)
      throws InterruptedException {
    Node seen = reading.node().withMetadata(read.metadata());
    counters.read(read.length());
    Optional<Form.RegularFile> old = reading.old().content();
    if (old.isPresent() && isContent(old.get(), read)) {
      return new Upcoming.Ready(seen.withForm(old.get()));
    }
    read.gap().ifPresent(gap -> gaps.add(seen.path(), gap, CHANGED));
    List<Upcoming.Part> parts = List.of();
    if (read.length() > 0) {
      Piece piece = bundles.add(read.bytes(), 0, read.length());
      parts = List.of(new Upcoming.Stretch(piece.bundle(), piece.offset(), piece.length()));
    }
    return new Upcoming.FileStart(
        seen,
        read.stamp().sizeBytes(),
        new Upcoming.Content(parts, Optional.empty(), read.gap()),
        read.tag());
  }

  /** Only times or mode moved: the tag says that the bytes are those of {@code old}. */
  private static boolean isContent(Form.RegularFile old, Read.Content read) {
    return read.tag().isPresent()
        && old.sizeBytes() == read.length()
        && old.tag().equals(read.tag());
  }

  private Read readAndClose(SourceFile file, long sizeBytes, Metadata walked) {
    try (file) {
      return readStable(file, sizeBytes, walked);
    } catch (SourceFailure e) {
      return new Read.Failed(e.gap(), e.getMessage());
    }
  }

  /**
   * Reads until nothing changed meanwhile, a few times; then what was read last is kept as a gap.
   */
  private Read readStable(SourceFile file, long expectedBytes, Metadata walked)
      throws SourceFailure {
    byte[] bytes = new byte[Math.toIntExact(expectedBytes)];
    for (int attempt = 1; ; attempt++) {
      SourceFile.Stamp before = file.stamp();
      Metadata metadata = times.recorded(walked, before);
      int size = Math.toIntExact(Math.min(before.sizeBytes(), SIZE_LIMIT));
      if (size != bytes.length) {
        bytes = new byte[size];
      }
      int length = readFully(file, bytes);
      SourceFile.Stamp after = file.stamp();
      if (before.equals(after) && length == after.sizeBytes()) {
        return new Read.Content(
            bytes, length, after, metadata, tag(bytes, length), Optional.empty());
      }
      if (attempt == ATTEMPTS) {
        Gap gap = Gap.of(GapReason.CHANGED_WHILE_READ);
        return new Read.Content(bytes, length, after, metadata, Optional.empty(), Optional.of(gap));
      }
    }
  }

  private Optional<ContentTag> tag(byte[] bytes, int length) {
    return length == 0
        ? Optional.empty()
        : Optional.of(new ContentTag(taggers.get().tag(bytes, 0, length)));
  }

  private static int readFully(SourceFile file, byte[] bytes) throws SourceFailure {
    int length = 0;
    while (length < bytes.length) {
      int count = file.read(length, bytes, length, bytes.length - length);
      if (count < 0) {
        break;
      }
      length += count;
    }
    return length;
  }
}
