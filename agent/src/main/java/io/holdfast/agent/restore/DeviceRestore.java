package io.holdfast.agent.restore;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.page.TreeCursor;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.snapshot.OpenSnapshot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes one file of a snapshot, a disk image, onto a block device, over whatever is there. The
 * file's holes become zeros; what the device has beyond its end stays. A restore that ended early
 * is run again.
 */
public final class DeviceRestore implements Restore {
  private final OpenSnapshot snapshot;
  private final Path device;
  private final EntryPath file;
  private final RestorePorts ports;
  private final RateLimit rate;
  private final RestoreCounters counters = new RestoreCounters();
  private final Findings findings = new Findings();

  /**
   * A run that hasn't begun.
   *
   * @param snapshot stays the caller's
   * @param device without links; whether it may be written is the caller's to check ({@link
   *     RestoreDevices})
   * @param bytesPerSecond of sealed chunks received; 0 for no limit
   */
  public DeviceRestore(
      OpenSnapshot snapshot, Path device, EntryPath file, long bytesPerSecond, RestorePorts ports) {
    this.snapshot = snapshot;
    this.device = device;
    this.file = file;
    this.ports = ports;
    this.rate = new RateLimit(ports.time(), bytesPerSecond);
  }

  @Override
  public RestoreCounters counters() {
    return counters;
  }

  @Override
  public Findings findings() {
    return findings;
  }

  @Override
  public void limit(long bytesPerSecond) {
    rate.change(bytesPerSecond);
  }

  /**
   * PATH_NOT_FOUND if the snapshot has no such file, TARGET_CONFLICT if the device is in use,
   * TARGET_UNWRITABLE if it is too small or can't be written.
   */
  @Override
  public RestoreResult execute() throws InterruptedException {
    long started = ports.time().nanos();
    try (ChunkOpener ids = opener()) {
      TreeCursor entries =
          PageTreeReader.open(snapshot.content(), snapshot.root()).entriesFrom(file);
      Node node = find(entries);
      long sizeBytes = ((Form.RegularFile) node.form()).sizeBytes();
      try (PosixFile target = open(sizeBytes);
          ChunkWorkers workers = ChunkWorkers.start(ports, this::opener)) {
        counters.entry();
        counters.file(sizeBytes);
        WindowFetch fetch = new WindowFetch(snapshot.content(), workers, rate, counters);
        new Writing(entries, node, target, fetch, ids).run();
        target.sync();
      } catch (PosixException e) {
        throw RestoreDevices.unwritable(device.toString(), e.getMessage(), e);
      }
    }
    return new RestoreResult(counters, findings, Duration.ofNanos(ports.time().nanos() - started));
  }

  private ChunkOpener opener() {
    return ports.openers().apply(snapshot.keys());
  }

  private Node find(TreeCursor entries) {
    boolean found =
        entries.next() && entries.entry() instanceof Node node && node.path().equals(file);
    if (!found) {
      throw RestoreDevices.noFile(file, "the snapshot has no such path");
    }
    Node node = (Node) entries.entry();
    if (!(node.form() instanceof Form.RegularFile)) {
      throw RestoreDevices.noFile(file, "it is no file");
    }
    return node;
  }

  private PosixFile open(long sizeBytes) throws PosixException {
    int flags = OpenFlags.READ_WRITE | OpenFlags.EXCLUSIVE_DEVICE | OpenFlags.NO_FOLLOW;
    int fd = Posix.tryOpenAt(Posix.NO_DIRECTORY, Names.of(device.toString()), flags, 0);
    if (Errno.EBUSY.is(fd)) {
      throw new HoldfastException(
          ErrorCode.TARGET_CONFLICT,
          device + " is in use: unmount it, or take it out of what uses it, before a restore");
    }
    if (fd < 0) {
      throw new PosixException(-fd, "open", Names.of(device.toString()));
    }
    PosixFile target = new PosixFile(fd);
    if (target.end() < sizeBytes) {
      long has = target.end();
      target.close();
      throw RestoreDevices.unwritable(
          device.toString(), "it has " + has + " bytes, and the image " + sizeBytes, null);
    }
    return target;
  }

  /** The file's segments, window by window. */
  private final class Writing implements FileRestore.Duty {
    private final TreeCursor entries;
    private final Node node;
    private final PosixFile target;
    private final WindowFetch fetch;
    private final ChunkOpener ids;
    private final FileRestore restore;
    private Optional<Gap> gap;
    private Window window;

    Writing(TreeCursor entries, Node node, PosixFile target, WindowFetch fetch, ChunkOpener ids) {
      this.entries = entries;
      this.node = node;
      this.target = target;
      this.fetch = fetch;
      this.ids = ids;
      this.gap = node.gap();
      this.restore = new FileRestore(node, this);
      this.window = new Window(ports.limits(), ids);
    }

    void run() throws InterruptedException, PosixException {
      boolean whole = false;
      try {
        add(((Form.RegularFile) node.form()).first(), entries.leafPage());
        while (entries.next()
            && entries.entry() instanceof Continuation more
            && more.path().equals(file)) {
          gap = gap.or(more::gap);
          add(more.segment(), entries.leafPage());
        }
        turn();
        whole = true;
      } finally {
        if (!whole) {
          HoldfastException ended =
              new HoldfastException(ErrorCode.CANCELLED, "the restore ended before it was whole");
          WindowFetch.giveUp(window, ended);
          restore.fail(ended);
        }
        gap.ifPresent(found -> restore.fail(incomplete(found)));
        restore.release();
      }
    }

    private HoldfastException incomplete(Gap found) {
      return new HoldfastException(
          ErrorCode.SOURCE_UNREADABLE,
          "the snapshot has not all of '" + file + "': " + found.reason() + "; take another one");
    }

    private void add(Segment segment, Reference leaf) throws InterruptedException, PosixException {
      zeroHoles(segment);
      window.add(restore, segment, leaf);
      if (window.isFull()) {
        turn();
      }
    }

    private void zeroHoles(Segment segment) throws PosixException, InterruptedException {
      Extents extents = segment.extents();
      long position = segment.offsetBytes();
      for (int i = 0; i < extents.count(); i++) {
        if (extents.isHole(i)) {
          target.zero(position, extents.lengthBytes(i));
          counters.passedOver(extents.lengthBytes(i));
        }
        if (Thread.interrupted()) {
          throw new InterruptedException("the restore was ended");
        }
        position += extents.lengthBytes(i);
      }
    }

    private void turn() throws InterruptedException {
      fetch.fetch(window);
      fetch.settle(window);
      window = new Window(ports.limits(), ids);
    }

    @Override
    public Optional<? extends TargetFile> open(Node ignored) {
      return Optional.of(new Onto(target));
    }

    @Override
    public void finished(FileRestore done, List<Node> links) {
      counters.fileWritten();
    }

    @Override
    public void refused(FileRestore done, List<Node> links) {}

    @Override
    public void failed(FileRestore done, HoldfastException cause, List<Node> links) {
      findings.failed(file, cause);
    }
  }

  /** The device as what chunks are written to. */
  private final class Onto implements TargetFile {
    private final PosixFile target;

    Onto(PosixFile target) {
      this.target = target;
    }

    @Override
    public void write(long position, byte[] bytes, int offset, int length) {
      MemorySegment staging = Staging.get();
      try {
        for (int done = 0; done < length; done += Staging.BYTES) {
          int count = Math.min(Staging.BYTES, length - done);
          MemorySegment.copy(bytes, offset + done, staging, ValueLayout.JAVA_BYTE, 0, count);
          var _ = target.writePassing(staging.asSlice(0, count), position + done);
        }
        counters.written(length);
      } catch (PosixException e) {
        throw RestoreDevices.unwritable(device.toString(), e.getMessage(), e);
      }
    }

    @Override
    public boolean finish() {
      return true; // made durable when all is written
    }

    @Override
    public void abandon() {}
  }
}
