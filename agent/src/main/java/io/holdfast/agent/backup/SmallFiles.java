package io.holdfast.agent.backup;

import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

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

  /** How often a file that changes while it is read is read again before it becomes a gap. */
  private static final int ATTEMPTS = 3;

  private static final byte[] NOTHING = new byte[0];

  /** A file's bytes as read, with the size and times that they belong to. */
  private static final class Read {
    private final byte[] bytes;
    private final int length;
    private final Optional<SourceFile.Stamp> stamp;
    private final Optional<Gap> gap;
    private final String why;

    Read(
        byte[] bytes, int length, Optional<SourceFile.Stamp> stamp, Optional<Gap> gap, String why) {
      this.bytes = bytes;
      this.length = length;
      this.stamp = stamp;
      this.gap = gap;
      this.why = why;
    }
  }

  private sealed interface Waiting {
    record Passing(Upcoming entry) implements Waiting {}

    record Reading(Node node, long expectedBytes, Future<Read> read) implements Waiting {}
  }

  private final ExecutorService readers;
  private final BundleAssembler bundles;
  private final EntryQueue queue;
  private final RunCounters counters;
  private final Gaps gaps;
  private final Deque<Waiting> window = new ArrayDeque<>();
  private long windowBytes;

  SmallFiles(
      ExecutorService readers,
      BundleAssembler bundles,
      EntryQueue queue,
      RunCounters counters,
      Gaps gaps) {
    this.readers = readers;
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

  /** Reads {@code file} in the background and closes it. */
  void read(Node node, long sizeBytes, SourceFile file) throws InterruptedException {
    Future<Read> read = readers.submit(() -> readAndClose(file, sizeBytes));
    enter(new Waiting.Reading(node, sizeBytes, read), sizeBytes);
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
      case Waiting.Reading(Node node, long expectedBytes, Future<Read> read) -> {
        windowBytes -= expectedBytes;
        forward(bundled(node, await(read)));
      }
    }
  }

  private void forward(Upcoming entry) throws InterruptedException {
    queue.add(entry);
    bundles.entryPassed();
  }

  private Upcoming bundled(Node node, Read read) throws InterruptedException {
    counters.read(read.length);
    read.gap.ifPresent(gap -> gaps.add(node.path(), gap, read.why));
    Node seen =
        read.stamp.map(stamp -> node.withMetadata(stamped(node.metadata(), stamp))).orElse(node);
    List<Upcoming.Part> parts = List.of();
    if (read.length > 0) {
      Piece piece = bundles.add(read.bytes, 0, read.length);
      parts = List.of(new Upcoming.Stretch(piece.bundle(), piece.offset(), piece.length()));
    }
    Upcoming.Content content = new Upcoming.Content(parts, Optional.empty(), read.gap);
    long size = read.stamp.map(SourceFile.Stamp::sizeBytes).orElse((long) read.length);
    return new Upcoming.FileStart(seen, size, content);
  }

  /** The times that belong to the bytes; a ctime left out as too young stays out. */
  private static Metadata stamped(Metadata walked, SourceFile.Stamp stamp) {
    boolean noChangeTime = walked.ctimeSeconds() == 0 && walked.ctimeNanos() == 0;
    return new Metadata(
        walked.mode(),
        walked.uid(),
        walked.gid(),
        stamp.mtimeSeconds(),
        stamp.mtimeNanos(),
        noChangeTime ? 0 : stamp.ctimeSeconds(),
        noChangeTime ? 0 : stamp.ctimeNanos(),
        walked.inode());
  }

  private static Read readAndClose(SourceFile file, long sizeBytes) {
    try (file) {
      return readStable(file, sizeBytes);
    } catch (SourceFailure e) {
      return new Read(NOTHING, 0, Optional.empty(), Optional.of(e.gap()), e.getMessage());
    }
  }

  /**
   * Reads until nothing changed meanwhile, a few times; then what was read last is kept as a gap.
   */
  private static Read readStable(SourceFile file, long expectedBytes) throws SourceFailure {
    long size = expectedBytes;
    for (int attempt = 1; ; attempt++) {
      SourceFile.Stamp before = file.stamp();
      size = Math.min(before.sizeBytes(), SIZE_LIMIT);
      byte[] bytes = new byte[Math.toIntExact(size)];
      int length = readFully(file, bytes);
      SourceFile.Stamp after = file.stamp();
      if (before.equals(after) && length == after.sizeBytes()) {
        return new Read(bytes, length, Optional.of(after), Optional.empty(), "");
      }
      if (attempt == ATTEMPTS) {
        return new Read(
            bytes,
            length,
            Optional.of(after),
            Optional.of(Gap.of(GapReason.CHANGED_WHILE_READ)),
            "changed while it was read, " + ATTEMPTS + " times");
      }
    }
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

  private static Read await(Future<Read> read) throws InterruptedException {
    try {
      return read.get();
    } catch (ExecutionException e) {
      HoldfastException cause = RpcErrors.asHoldfast(e.getCause());
      throw new HoldfastException(cause.code(), cause.getMessage(), cause);
    }
  }
}
