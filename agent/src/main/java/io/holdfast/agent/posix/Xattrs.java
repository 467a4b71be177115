package io.holdfast.agent.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Extended attributes as raw bytes, POSIX ACLs ({@code system.posix_acl_*}) among them.
 *
 * <p>Of an open file or directory through its descriptor; of an entry that can't be opened without
 * effect (symbolic link, FIFO, device) by {@code /proc/self/fd/N/name}, which names it without
 * resolving any directory again. A file system without attributes has none: no error.
 */
public final class Xattrs {
  private Xattrs() {}

  /** All attributes of an open file or directory that this user may read, ascending by name. */
  public static List<Xattr> read(int fd) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment list = memory.list();
    long length = LibC.listXattrs(memory.state, fd, list, list.byteSize());
    if (isNone(length)) {
      return List.of();
    }
    List<Xattr> out = new ArrayList<>();
    for (byte[] name : split(list, Posix.checked(length, "flistxattr", null))) {
      MemorySegment value = memory.value();
      MemorySegment key = memory.otherPath(name, "fgetxattr");
      addValue(out, name, value, LibC.getXattr(memory.state, fd, key, value, value.byteSize()));
    }
    return sorted(out);
  }

  /** As {@link #read}, of the entry {@code name} of an open directory, not following a link. */
  public static List<Xattr> readAt(int dirFd, byte[] name) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(pathOf(dirFd, name), "llistxattr");
    MemorySegment list = memory.list();
    long length = LibC.listXattrsOfPath(memory.state, path, list, list.byteSize());
    if (isNone(length)) {
      return List.of();
    }
    List<Xattr> out = new ArrayList<>();
    for (byte[] key : split(list, Posix.checked(length, "llistxattr", name))) {
      MemorySegment value = memory.value();
      MemorySegment attribute = memory.otherPath(key, "lgetxattr");
      long size = LibC.getXattrOfPath(memory.state, path, attribute, value, value.byteSize());
      addValue(out, key, value, size);
    }
    return sorted(out);
  }

  /** Sets one attribute of an open file or directory. */
  public static void set(int fd, Xattr attribute) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment name = memory.otherPath(attribute.name(), "fsetxattr");
    MemorySegment value = valueOf(memory, attribute);
    int result = LibC.setXattr(memory.state, fd, name, value, attribute.value().length, 0);
    Posix.checked(result, "fsetxattr", attribute.name());
  }

  /** Sets one attribute of the entry {@code name} of an open directory, not following a link. */
  public static void setAt(int dirFd, byte[] name, Xattr attribute) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(pathOf(dirFd, name), "lsetxattr");
    MemorySegment key = memory.otherPath(attribute.name(), "lsetxattr");
    MemorySegment value = valueOf(memory, attribute);
    long size = attribute.value().length;
    int result = LibC.setXattrOfPath(memory.state, path, key, value, size, 0);
    Posix.checked(result, "lsetxattr", attribute.name());
  }

  /** Removes one attribute of an open file or directory. */
  public static void remove(int fd, byte[] name) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment key = memory.otherPath(name, "fremovexattr");
    Posix.checked(LibC.removeXattr(memory.state, fd, key), "fremovexattr", name);
  }

  /** Removes one attribute of the entry {@code name} of an open directory, following no link. */
  public static void removeAt(int dirFd, byte[] name, byte[] attribute) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(pathOf(dirFd, name), "lremovexattr");
    MemorySegment key = memory.otherPath(attribute, "lremovexattr");
    int result = LibC.removeXattrOfPath(memory.state, path, key);
    Posix.checked(result, "lremovexattr", attribute);
  }

  private static byte[] pathOf(int dirFd, byte[] name) {
    if (dirFd == Posix.NO_DIRECTORY) {
      return name;
    }
    byte[] prefix = Names.of("/proc/self/fd/" + dirFd + "/");
    byte[] path = new byte[prefix.length + name.length];
    System.arraycopy(prefix, 0, path, 0, prefix.length);
    System.arraycopy(name, 0, path, prefix.length, name.length);
    return path;
  }

  private static MemorySegment valueOf(CallMemory memory, Xattr attribute) throws PosixException {
    byte[] bytes = attribute.value();
    MemorySegment value = memory.value();
    if (bytes.length > value.byteSize()) {
      throw new PosixException(Errno.E2BIG.number(), "setxattr", attribute.name());
    }
    MemorySegment.copy(bytes, 0, value, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return value;
  }

  private static boolean isNone(long listLength) {
    return listLength == 0
        || listLength == -Errno.ENOTSUP.number()
        || listLength == -Errno.ENOSYS.number();
  }

  private static List<byte[]> split(MemorySegment list, long length) {
    byte[] all = list.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    List<byte[]> names = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == 0) {
        names.add(Arrays.copyOfRange(all, from, i));
        from = i + 1;
      }
    }
    return names;
  }

  /** An attribute removed since the list was read (ENODATA) simply isn't there any more. */
  private static void addValue(List<Xattr> out, byte[] name, MemorySegment value, long size)
      throws PosixException {
    if (size == -Errno.ENODATA.number()) {
      return;
    }
    long length = Posix.checked(size, "getxattr", name);
    out.add(new Xattr(name, value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
  }

  private static List<Xattr> sorted(List<Xattr> attributes) {
    attributes.sort(null);
    return List.copyOf(attributes);
  }
}
