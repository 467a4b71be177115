package io.holdfast.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One {@code struct statx} (uapi/linux/stat.h), whose layout is the same on every processor. Filled
 * by {@link Posix#tryStatAt}; read field by field without making objects. For one thread at a time.
 */
public final class StatBuffer {
  private static final long BYTES = 256;

  final MemorySegment memory;

  public StatBuffer(Arena arena) {
    memory = arena.allocate(BYTES, 8);
  }

  /** Type and permission bits, as {@code st_mode}. */
  public int mode() {
    return memory.get(JAVA_SHORT, 28) & 0xffff;
  }

  public FileKind kind() {
    return FileKind.find(mode());
  }

  public int linkCount() {
    return memory.get(JAVA_INT, 16);
  }

  public int uid() {
    return memory.get(JAVA_INT, 20);
  }

  public int gid() {
    return memory.get(JAVA_INT, 24);
  }

  public long inode() {
    return memory.get(JAVA_LONG, 32);
  }

  public long sizeBytes() {
    return memory.get(JAVA_LONG, 40);
  }

  /** Allocated space in units of 512 bytes. */
  public long blocks() {
    return memory.get(JAVA_LONG, 48);
  }

  public long changeSeconds() {
    return memory.get(JAVA_LONG, 96);
  }

  public int changeNanos() {
    return memory.get(JAVA_INT, 104);
  }

  public long modifySeconds() {
    return memory.get(JAVA_LONG, 112);
  }

  public int modifyNanos() {
    return memory.get(JAVA_INT, 120);
  }

  /** The device a device node stands for, as {@link DeviceNumber}. */
  public long representedDevice() {
    return DeviceNumber.of(memory.get(JAVA_INT, 128), memory.get(JAVA_INT, 132));
  }

  /** The device the entry lives on, as {@link DeviceNumber}. */
  public long device() {
    return DeviceNumber.of(memory.get(JAVA_INT, 136), memory.get(JAVA_INT, 140));
  }

  /** A copy that outlives the buffer. */
  public FileStat toFileStat() {
    return new FileStat(
        mode(),
        uid(),
        gid(),
        sizeBytes(),
        blocks(),
        linkCount(),
        device(),
        inode(),
        representedDevice(),
        modifySeconds(),
        modifyNanos(),
        changeSeconds(),
        changeNanos());
  }
}
