package io.holdfast.agent.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.agent.posix.DeviceNumber;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.agent.testkit.TreeNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A target directory inside a parent that must not change, and a scratch directory. */
final class TreeFixture {
  static final EntryMetadata PLAIN = new EntryMetadata(0644, 0, 0, 1_000, 7, List.of());
  static final EntryMetadata PLAIN_DIRECTORY = new EntryMetadata(0755, 0, 0, 1_000, 7, List.of());

  final Path parent;
  final Path target;
  final Path scratch;

  TreeFixture(Path temporary) throws IOException {
    parent = Files.createDirectory(temporary.resolve("parent"));
    target = Files.createDirectory(parent.resolve("target"));
    scratch = Files.createDirectory(temporary.resolve("scratch"));
  }

  TreeOptions options() {
    return TreeOptions.careful(scratch).withSync(false).withConflicts(ConflictMode.ALWAYS);
  }

  TreeWriter open(TreeOptions options) {
    return TreeWriter.open(Names.of(target.toString()), options);
  }

  FileTree read() throws IOException {
    return FileTree.read(target);
  }

  void assertHolds(FileTree expected) throws IOException {
    assertEquals(List.of(), expected.differences(read()));
  }

  static byte[] path(String path) {
    return FileTree.bytes(path);
  }

  /** Writes one file with content; answers whether it stands. */
  static boolean put(TreeWriter writer, String path, String content) {
    return put(writer, path, content, PLAIN);
  }

  static boolean put(TreeWriter writer, String path, String content, EntryMetadata metadata) {
    byte[] bytes = FileTree.bytes(content);
    Optional<FileSink> sink = writer.file(path(path), bytes.length, Allocation.DENSE, metadata);
    sink.ifPresent(open -> write(open, 0, bytes));
    return sink.isPresent() && sink.get().finish();
  }

  static void write(FileSink sink, long offset, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      sink.write(offset, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
    }
  }

  /** Restores a literal tree, as a restore would: in path order, each link after its file. */
  static void restore(FileTree tree, TreeWriter writer) {
    for (Map.Entry<String, TreeNode> entry : tree.nodes().entrySet()) {
      restore(writer, path(entry.getKey()), entry.getValue());
    }
  }

  private static void restore(TreeWriter writer, byte[] path, TreeNode node) {
    EntryMetadata metadata = metadata(node);
    if (node.linkedTo() != null) {
      writer.hardLink(path, path(node.linkedTo()));
      return;
    }
    switch (node.kind()) {
      case DIRECTORY -> writer.directory(path, metadata);
      case FILE -> restoreFile(writer, path, node, metadata);
      case SYMLINK -> writer.symlink(path, node.data().get(0L), metadata);
      case CHAR_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> {
        long device = DeviceNumber.of(node.major(), node.minor());
        writer.special(path, node.kind(), device, metadata);
      }
    }
  }

  private static void restoreFile(
      TreeWriter writer, byte[] path, TreeNode node, EntryMetadata metadata) {
    Allocation allocation = node.sparse() ? Allocation.SPARSE : Allocation.DENSE;
    writer
        .file(path, node.sizeBytes(), allocation, metadata)
        .ifPresent(sink -> {
          node.data().forEach((offset, bytes) -> write(sink, offset, bytes));
          sink.finish();
        });
  }

  private static EntryMetadata metadata(TreeNode node) {
    return new EntryMetadata(
        node.mode() == null ? 0644 : node.mode(),
        node.uid() == null ? 0 : node.uid(),
        node.gid() == null ? 0 : node.gid(),
        node.modifySeconds() == null ? 0 : node.modifySeconds(),
        node.modifyNanos() == null ? 0 : node.modifyNanos(),
        List.copyOf(node.xattrs()));
  }
}
