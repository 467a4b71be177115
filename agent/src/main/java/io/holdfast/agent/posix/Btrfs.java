package io.holdfast.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Subvolumes of btrfs, by the kernel's own calls (uapi/linux/btrfs.h), whose numbers and structures
 * of 4,096 bytes are the same on every processor used here. Any thread.
 */
public final class Btrfs {
  private static final long FILE_SYSTEM = 0x9123683eL;
  private static final long TOP_INODE = 256;
  private static final int ARGUMENT_BYTES = 4_096;

  private static final long SNAPSHOT_CREATE = 0x50009417L;
  private static final long SUBVOLUME_DESTROY = 0x5000940fL;
  private static final long SUBVOLUME_FLAGS = 0x80089419L;
  private static final long SUBVOLUME_CHILDREN = 0xd000943dL;
  private static final long LOOK_UP = 0xd000943eL;
  private static final long READ_ONLY = 2;

  private static final long SNAPSHOT_FLAGS_AT = 16;
  private static final long SNAPSHOT_NAME_AT = 56;
  private static final long DESTROY_NAME_AT = 8;
  private static final int CHILDREN_MAX = 255;
  private static final long CHILDREN_COUNT_AT = 8 + 16L * CHILDREN_MAX;
  private static final long LOOK_UP_NAME_AT = 16;
  private static final long LOOK_UP_PATH_AT = 16 + 256;

  private Btrfs() {}

  /** Whether {@code fd} is open on something of a btrfs. */
  public static boolean isOn(int fd) throws PosixException {
    return Posix.fileSystemType(fd) == FILE_SYSTEM;
  }

  /** Whether {@code fd} is open on the top directory of a subvolume. */
  public static boolean isSubvolume(int fd) throws PosixException {
    return isOn(fd) && Posix.stat(fd).inode() == TOP_INODE;
  }

  /** Whether nobody can write to the subvolume that {@code fd} is the top of. */
  public static boolean isReadOnly(int fd) throws PosixException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flags = arena.allocate(8, 8);
      call(fd, SUBVOLUME_FLAGS, flags, "BTRFS_IOC_SUBVOL_GETFLAGS", null);
      return (flags.get(JAVA_LONG, 0) & READ_ONLY) != 0;
    }
  }

  /** Makes a read-only snapshot of the subvolume {@code from} in the directory {@code into}. */
  public static void snapshot(int from, int into, byte[] name) throws PosixException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(ARGUMENT_BYTES, 8);
      argument.set(JAVA_LONG, 0, from);
      argument.set(JAVA_LONG, SNAPSHOT_FLAGS_AT, READ_ONLY);
      put(argument, SNAPSHOT_NAME_AT, name, "BTRFS_IOC_SNAP_CREATE_V2");
      call(into, SNAPSHOT_CREATE, argument, "BTRFS_IOC_SNAP_CREATE_V2", name);
    }
  }

  /** Deletes the subvolume {@code name} of the directory {@code in}, with all that is in it. */
  public static void delete(int in, byte[] name) throws PosixException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(ARGUMENT_BYTES, 8);
      put(argument, DESTROY_NAME_AT, name, "BTRFS_IOC_SNAP_DESTROY");
      call(in, SUBVOLUME_DESTROY, argument, "BTRFS_IOC_SNAP_DESTROY", name);
    }
  }

  /**
   * The subvolumes that lie directly in the one that {@code fd} is the top of: their paths from
   * there.
   */
  public static List<byte[]> children(int fd) throws PosixException {
    List<byte[]> children = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(ARGUMENT_BYTES, 8);
      boolean more = true;
      while (more) {
        int result = LibC.deviceControl(CallMemory.get().state, fd, SUBVOLUME_CHILDREN, argument);
        more = Errno.EOVERFLOW.is(result);
        if (!more) {
          Posix.checked(result, "BTRFS_IOC_GET_SUBVOL_ROOTREF", null);
        }
        int count = Byte.toUnsignedInt(argument.get(JAVA_BYTE, CHILDREN_COUNT_AT));
        for (int i = 0; i < count; i++) {
          long tree = argument.get(JAVA_LONG, 8 + 16L * i);
          long directory = argument.get(JAVA_LONG, 16 + 16L * i);
          children.add(path(fd, tree, directory, arena));
        }
      }
    }
    return children;
  }

  private static byte[] path(int fd, long tree, long directory, Arena arena) throws PosixException {
    MemorySegment argument = arena.allocate(ARGUMENT_BYTES, 8);
    argument.set(JAVA_LONG, 0, directory);
    argument.set(JAVA_LONG, 8, tree);
    call(fd, LOOK_UP, argument, "BTRFS_IOC_INO_LOOKUP_USER", null);
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    copy(argument, LOOK_UP_PATH_AT, path);
    copy(argument, LOOK_UP_NAME_AT, path);
    return path.toByteArray();
  }

  private static void copy(MemorySegment argument, long from, ByteArrayOutputStream to) {
    for (long at = from; at < ARGUMENT_BYTES && argument.get(JAVA_BYTE, at) != 0; at++) {
      to.write(argument.get(JAVA_BYTE, at));
    }
  }

  private static void put(MemorySegment argument, long at, byte[] name, String call)
      throws PosixException {
    if (!Names.isComponent(name, 0, name.length)) {
      throw new PosixException(Errno.EINVAL.number(), call, name);
    }
    MemorySegment.copy(name, 0, argument, JAVA_BYTE, at, name.length);
  }

  private static void call(
      int fd, long request, MemorySegment argument, String name, byte[] subject)
      throws PosixException {
    Posix.checked(LibC.deviceControl(CallMemory.get().state, fd, request, argument), name, subject);
  }
}
