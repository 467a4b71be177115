package io.holdfast.agent.testkit;

import io.holdfast.agent.posix.DeviceNumber;
import io.holdfast.agent.posix.DirectoryEntries;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.posix.Xattr;
import io.holdfast.agent.posix.Xattrs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes and reads {@link FileTree}s by plain, trusting system calls. */
final class TreeFiles {
  private TreeFiles() {}

  static void write(FileTree tree, Path directory) throws PosixException {
    int fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(directory.toString()));
    try {
      for (Map.Entry<String, TreeNode> entry : tree.nodes().entrySet()) {
        make(fd, FileTree.bytes(entry.getKey()), entry.getValue());
      }
      List<String> deepestFirst = new ArrayList<>(tree.nodes().keySet());
      for (String path : deepestFirst.reversed()) {
        describe(fd, FileTree.bytes(path), tree.nodes().get(path));
      }
    } finally {
      Posix.close(fd);
    }
  }

  private static void make(int fd, byte[] path, TreeNode node) throws PosixException {
    if (node.linkedTo() != null) {
      Nodes.link(fd, FileTree.bytes(node.linkedTo()), fd, path);
      return;
    }
    switch (node.kind()) {
      case DIRECTORY -> Nodes.makeDirectory(fd, path, 0755);
      case FILE -> makeFile(fd, path, node);
      case SYMLINK -> Nodes.makeSymlink(fd, path, node.data().get(0L));
      case FIFO, SOCKET -> Nodes.makeNode(fd, path, node.kind().modeBits() | 0644, 0);
      case CHAR_DEVICE, BLOCK_DEVICE -> {
        long device = DeviceNumber.of(node.major(), node.minor());
        Nodes.makeNode(fd, path, node.kind().modeBits() | 0644, device);
      }
    }
  }

  private static void makeFile(int dirFd, byte[] path, TreeNode node) throws PosixException {
    int flags = OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.WRITE_ONLY;
    try (PosixFile file = new PosixFile(Posix.openAt(dirFd, path, flags, 0644));
        Arena arena = Arena.ofConfined()) {
      file.truncate(node.sizeBytes());
      for (Map.Entry<Long, byte[]> range : node.data().entrySet()) {
        file.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, range.getValue()), range.getKey());
      }
    }
  }

  private static void describe(int fd, byte[] path, TreeNode node) throws PosixException {
    if (node.uid() != null) {
      Nodes.setOwnerAt(fd, path, node.uid(), node.gid());
    }
    if (node.mode() != null && node.kind() != FileKind.SYMLINK) {
      Nodes.setModeAt(fd, path, node.mode());
    }
    for (Xattr xattr : node.xattrs()) {
      Xattrs.setAt(fd, path, xattr);
    }
    if (node.modifySeconds() != null) {
      Nodes.setModifyTimeAt(fd, path, node.modifySeconds(), node.modifyNanos());
    }
  }

  static FileTree read(Path directory) throws PosixException {
    SortedMap<String, TreeNode> nodes = new TreeMap<>(FileTree.empty().nodes());
    int fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(directory.toString()));
    try {
      readInto(nodes, fd, "");
    } finally {
      Posix.close(fd);
    }
    Map<String, String> first = new HashMap<>();
    SortedMap<String, TreeNode> linked = new TreeMap<>(nodes);
    nodes.forEach((path, node) -> {
      String group = node.linkedTo();
      String source = group == null ? null : first.putIfAbsent(group, path);
      linked.put(path, node.withLinkedTo(source));
    });
    return FileTree.of(linked);
  }

  private static void readInto(SortedMap<String, TreeNode> nodes, int fd, String prefix)
      throws PosixException {
    for (byte[] name : names(fd)) {
      String path = prefix + FileTree.string(name);
      FileStat stat = Posix.statAt(fd, name);
      nodes.put(path, node(fd, name, stat));
      if (stat.kind() == FileKind.DIRECTORY) {
        int below = Posix.openDirectory(fd, name);
        readInto(nodes, below, path + "/");
        Posix.close(below);
      }
    }
  }

  private static List<byte[]> names(int fd) throws PosixException {
    List<byte[]> out = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Posix.DIRECTORY_BUFFER_BYTES, 8);
      DirectoryEntries entries = new DirectoryEntries(buffer);
      int bytes = Posix.tryReadDirectory(fd, buffer);
      for (; bytes > 0; bytes = Posix.tryReadDirectory(fd, buffer)) {
        entries.reset(bytes);
        while (entries.advance()) {
          byte[] name = new byte[entries.nameLength()];
          entries.copyName(name, 0);
          out.add(name);
        }
      }
      if (bytes < 0) {
        throw new PosixException(-bytes, "getdents64", null);
      }
    }
    return out;
  }

  private static TreeNode node(int fd, byte[] name, FileStat stat) throws PosixException {
    FileKind kind = stat.kind();
    boolean linked = kind != FileKind.DIRECTORY && stat.linkCount() > 1;
    return new TreeNode(
        kind,
        stat.permissions(),
        stat.uid(),
        stat.gid(),
        stat.modifySeconds(),
        stat.modifyNanos(),
        data(fd, name, kind),
        kind == FileKind.DIRECTORY ? 0 : stat.sizeBytes(),
        false,
        DeviceNumber.major(stat.representedDevice()),
        DeviceNumber.minor(stat.representedDevice()),
        new TreeSet<>(Xattrs.readAt(fd, name)),
        linked ? stat.device() + ":" + stat.inode() : null);
  }

  private static NavigableMap<Long, byte[]> data(int dirFd, byte[] name, FileKind kind)
      throws PosixException {
    TreeMap<Long, byte[]> ranges = new TreeMap<>();
    if (kind == FileKind.SYMLINK) {
      ranges.put(0L, Posix.readLinkAt(dirFd, name));
    } else if (kind == FileKind.FILE) {
      try (PosixFile file = new PosixFile(Posix.openAt(dirFd, name, OpenFlags.NO_FOLLOW, 0))) {
        readRanges(file, ranges);
      }
    }
    return ranges;
  }

  private static void readRanges(PosixFile file, NavigableMap<Long, byte[]> ranges)
      throws PosixException {
    long at = file.nextData(0);
    while (at != PosixFile.NO_MORE_DATA) {
      long end = file.nextHole(at);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment buffer = arena.allocate(end - at);
        file.read(buffer, at);
        ranges.put(at, buffer.toArray(ValueLayout.JAVA_BYTE));
      }
      at = file.nextData(end);
    }
  }
}
