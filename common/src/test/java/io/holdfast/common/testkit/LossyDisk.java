package io.holdfast.common.testkit;

import io.holdfast.common.seam.DiskFullException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that keeps only its promises: content survives a power cut where a file was
 * synced, names where their directory was. It fails, fills up, loses power at a chosen operation
 * and counts what is asked of it. All choices come from the seed; two runs that make the same calls
 * see the same faults.
 *
 * <p>Each {@link #mount} is one machine or process using the disk. Mounts see each other's writes
 * at once, as on a server they share; handles and locks are each mount's own.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>I1 After a power cut every file holds its synced bytes, overlaid at most with writes made
 *       since.
 *   <li>I2 After a power cut every name has its synced state or one it had since.
 *   <li>I3 What a failed sync should have saved is lost by the next power cut, whatever is synced
 *       later.
 * </ul>
 */
public final class LossyDisk {
  /** What an operation does, and what it leaves when it fails without happening. */
  interface Action<T> {
    T run() throws IOException;

    default void fail() throws IOException {}
  }

  private static final class Armed {
    private final DiskFault fault;
    private int seen;

    Armed(DiskFault fault) {
      this.fault = fault;
    }

    boolean fires(FileOperation operation) {
      if (!fault.operations().contains(operation)) {
        return false;
      }
      seen++;
      return seen == fault.nth() || (fault.forever() && seen > fault.nth());
    }
  }

  private final RandomGenerator random;
  private final DiskNode.Directory root = new DiskNode.Directory();
  private final List<Armed> armed = new ArrayList<>();
  private final Map<FileOperation, Integer> counts = new EnumMap<>(FileOperation.class);
  private final Map<DiskNode, LossyFileSystem> locks = new HashMap<>();
  private volatile OperationHook hook = new OperationHook() {};
  private long capacityBytes = Long.MAX_VALUE;
  private long operationsUntilDark = Long.MAX_VALUE;
  private int faultsFired;
  private boolean dark;
  private volatile int boots;

  private LossyDisk(long seed) {
    // Scrambles the seed: the first draws of java.util.Random hardly differ between near seeds.
    random = new SplittableRandom(seed);
  }

  public static LossyDisk seeded(long seed) {
    return new LossyDisk(seed);
  }

  /** A new user of the disk, with handles and locks of its own. */
  public LossyFileSystem mount() {
    return new LossyFileSystem(this);
  }

  /** Adds a fault; several may be armed, the first that fires decides. */
  public synchronized void arm(DiskFault fault) {
    armed.add(new Armed(fault));
  }

  /** Removes every fault. */
  public synchronized void heal() {
    armed.clear();
  }

  /** How many operations a fault has struck. */
  public synchronized int faultsFired() {
    return faultsFired;
  }

  /** Writes fail with ENOSPC, after a prefix, once all files together would exceed this. */
  public synchronized void limitCapacity(long bytes) {
    capacityBytes = bytes;
  }

  /** Calls this around every operation from now on. */
  public void hook(OperationHook newHook) {
    hook = newHook;
  }

  /**
   * After this many more operations the power goes, in the middle of the next one: it happens or
   * not, its caller sees EIO, and so does everyone until {@link #cutPower}.
   */
  public synchronized void goDarkAfter(long operations) {
    operationsUntilDark = operations;
  }

  /** Whether {@link #goDarkAfter} has struck. */
  public synchronized boolean isDark() {
    return dark;
  }

  /** Cuts the power and turns it on again; every handle and lock is gone. Faults stay armed. */
  public synchronized void cutPower(PowerLoss loss) {
    losePower(root, loss);
    countLinks(root);
    locks.clear();
    dark = false;
    operationsUntilDark = Long.MAX_VALUE;
    boots++;
  }

  /** Breadth is decided first: what hangs off a name that is lost is gone with it. */
  private void losePower(DiskNode.Directory directory, PowerLoss loss) {
    directory.losePower(loss, random);
    for (DiskNode node : directory.entries().values()) {
      switch (node) {
        case DiskNode.Directory child -> losePower(child, loss);
        case DiskNode.File file -> {
          file.losePower(loss, random);
          file.links = 0;
        }
      }
    }
  }

  private static void countLinks(DiskNode.Directory directory) {
    for (DiskNode node : directory.entries().values()) {
      switch (node) {
        case DiskNode.Directory child -> countLinks(child);
        case DiskNode.File file -> file.links++;
      }
    }
  }

  /** Changes the bytes of a file at rest: flipped, truncated, swapped, as the function says. */
  public synchronized void damage(Path path, UnaryOperator<byte[]> change) {
    if (!(find(path) instanceof DiskNode.File file)) {
      throw new IllegalArgumentException("no file " + path);
    }
    file.damage(change.apply(file.bytes().clone()));
  }

  /** What a power cut that takes all it may would leave of a file; empty if not even its name. */
  public synchronized Optional<byte[]> durable(Path path) {
    DiskNode node = root;
    for (Path step : path.toAbsolutePath().normalize()) {
      if (!(node instanceof DiskNode.Directory directory)) {
        return Optional.empty();
      }
      node = directory.durable().get(step.toString());
    }
    return node instanceof DiskNode.File file ? Optional.of(file.durable()) : Optional.empty();
  }

  /** How often an operation was asked for, since the start or {@link #resetCounts}. */
  public synchronized int count(FileOperation operation) {
    return counts.getOrDefault(operation, 0);
  }

  /** How many operations of any kind were asked for. */
  public synchronized int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  public synchronized void resetCounts() {
    counts.clear();
  }

  <T> T perform(FileOperation operation, Path path, Action<T> action) throws IOException {
    hook.before(operation, path);
    T result = performNow(operation, path, action);
    hook.after(operation, path);
    return result;
  }

  private synchronized <T> T performNow(FileOperation operation, Path path, Action<T> action)
      throws IOException {
    counts.merge(operation, 1, Integer::sum);
    checkPower(path, action);
    DiskFault fault = firing(operation);
    if (fault == null) {
      return action.run();
    }
    faultsFired++;
    if (fault.happens()) {
      action.run();
    } else {
      action.fail();
    }
    throw fault.error().at(path);
  }

  private DiskFault firing(FileOperation operation) {
    DiskFault firing = null;
    for (Armed candidate : armed) {
      if (candidate.fires(operation) && firing == null) {
        firing = candidate.fault;
      }
    }
    return firing;
  }

  private void checkPower(Path path, Action<?> action) throws IOException {
    if (!dark && operationsUntilDark-- <= 0) {
      dark = true;
      if (random.nextBoolean()) {
        action.run();
      }
    }
    if (dark) {
      throw new FileSystemException(path.toString(), null, "Input/output error (no power)");
    }
  }

  int boots() {
    return boots;
  }

  /** A seeded number of bytes that a failing write leaves. */
  int tornLength(int length) {
    return random.nextInt(length + 1);
  }

  /** How many of these bytes still fit. */
  long room(long wanted) {
    return capacityBytes == Long.MAX_VALUE ? wanted : Math.min(wanted, usableBytes());
  }

  long usableBytes() {
    return capacityBytes == Long.MAX_VALUE
        ? capacityBytes
        : Math.max(0, capacityBytes - usedBytes());
  }

  private long usedBytes() {
    Map<DiskNode.File, Long> files = new HashMap<>();
    collect(root, files);
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void collect(DiskNode.Directory directory, Map<DiskNode.File, Long> files) {
    for (DiskNode node : directory.entries().values()) {
      switch (node) {
        case DiskNode.Directory child -> collect(child, files);
        case DiskNode.File file -> files.put(file, (long) file.bytes().length);
      }
    }
  }

  static DiskFullException full(Path path) {
    return new DiskFullException(path + ": No space left on device");
  }

  /** The node of an absolute path, or null. */
  DiskNode find(Path path) {
    DiskNode node = root;
    for (Path step : path.toAbsolutePath().normalize()) {
      if (!(node instanceof DiskNode.Directory directory)) {
        return null;
      }
      node = directory.entries().get(step.toString());
    }
    return node;
  }

  DiskNode.Directory directory(Path path) throws IOException {
    return switch (find(path)) {
      case null -> throw new NoSuchFileException(path.toString());
      case DiskNode.Directory directory -> directory;
      case DiskNode.File file ->
          throw new FileSystemException(path.toString(), null, "Not a directory");
    };
  }

  DiskNode.File file(Path path) throws IOException {
    return switch (find(path)) {
      case null -> throw new NoSuchFileException(path.toString());
      case DiskNode.File file -> file;
      case DiskNode.Directory directory ->
          throw new FileSystemException(path.toString(), null, "Is a directory");
    };
  }

  boolean lock(DiskNode.File file, LossyFileSystem holder) {
    return locks.putIfAbsent(file, holder) == null;
  }

  synchronized void unlock(DiskNode.File file, LossyFileSystem holder) {
    locks.remove(file, holder);
  }

  synchronized void unlockAll(LossyFileSystem holder) {
    for (Iterator<LossyFileSystem> held = locks.values().iterator(); held.hasNext(); ) {
      if (held.next() == holder) {
        held.remove();
      }
    }
  }
}
