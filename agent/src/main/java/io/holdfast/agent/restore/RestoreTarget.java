package io.holdfast.agent.restore;

import io.holdfast.agent.posix.DeviceNumber;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.tree.Allocation;
import io.holdfast.agent.tree.EntryMetadata;
import io.holdfast.agent.tree.TreeOptions;
import io.holdfast.agent.tree.TreeReport;
import io.holdfast.agent.tree.TreeWriter;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Segment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a restore writes: a tree writer that makes, and a view that looks. In a dry run there is
 * only the view, and nothing is made. Any thread; what can't be made is in the report, not thrown.
 */
final class RestoreTarget implements AutoCloseable {
  /** Files at least so large have their space reserved before their content is fetched. */
  private static final long RESERVED_BYTES = 1 << 20;

  private final Optional<TreeWriter> writer;
  private final TargetView view;

  private RestoreTarget(Optional<TreeWriter> writer, TargetView view) {
    this.writer = writer;
    this.view = view;
  }

  /** Makes {@code directory} if it is missing. Errors as {@link TreeWriter#open}. */
  static RestoreTarget open(byte[] directory, TreeOptions options) {
    TreeWriter writer = TreeWriter.open(directory, options);
    return new RestoreTarget(Optional.of(writer), TargetView.open(directory));
  }

  static RestoreTarget look(byte[] directory) {
    return new RestoreTarget(Optional.empty(), TargetView.open(directory));
  }

  boolean isDry() {
    return writer.isEmpty();
  }

  Optional<FileStat> find(EntryPath path) {
    return writer.isPresent() ? writer.get().find(path.toByteArray()) : view.find(path);
  }

  /**
   * Whether what is there has the type of {@code node}, and its size and time, target or number.
   */
  boolean isLike(FileStat there, Node node) {
    Metadata wanted = node.metadata();
    return switch (node.form()) {
      case Form.Directory same -> there.kind() == FileKind.DIRECTORY;
      case Form.RegularFile file ->
          there.kind() == FileKind.FILE
              && there.sizeBytes() == file.sizeBytes()
              && there.modifySeconds() == wanted.mtimeSeconds()
              && there.modifyNanos() == wanted.mtimeNanos();
      case Form.SymbolicLink(Octets target) ->
          there.kind() == FileKind.SYMLINK
              && view.link(node.path())
                  .filter(found -> Arrays.equals(found, target.toByteArray()))
                  .isPresent();
      case Form.CharacterDevice(long major, long minor) ->
          there.kind() == FileKind.CHAR_DEVICE && there.representedDevice() == device(major, minor);
      case Form.BlockDevice(long major, long minor) ->
          there.kind() == FileKind.BLOCK_DEVICE
              && there.representedDevice() == device(major, minor);
      case Form.Fifo same -> there.kind() == FileKind.FIFO;
      case Form.Socket same -> there.kind() == FileKind.SOCKET;
    };
  }

  void directory(Node node) {
    writer.ifPresent(tree -> tree.directory(node.path().toByteArray(), metadata(node)));
  }

  /** Begins a file; empty if it is there already or can't be. */
  Optional<WrittenFile> file(Node node, long sizeBytes, Allocation allocation) {
    return writer
        .flatMap(
            tree -> tree.file(node.path().toByteArray(), sizeBytes, allocation, metadata(node)))
        .map(WrittenFile::new);
  }

  /** How the space of a file should be had, as far as its first segment tells. */
  static Allocation allocation(Form.RegularFile content) {
    Segment first = content.first();
    Extents parts = first.extents();
    boolean dense =
        content.sizeBytes() >= RESERVED_BYTES && first.endBytes() == content.sizeBytes();
    for (int i = 0; dense && i < parts.count(); i++) {
      dense = !parts.isHole(i);
    }
    return dense ? Allocation.DENSE : Allocation.SPARSE;
  }

  /** Makes anything but a file or a directory. */
  void make(Node node) {
    writer.ifPresent(tree -> make(tree, node));
  }

  private static void make(TreeWriter tree, Node node) {
    byte[] path = node.path().toByteArray();
    EntryMetadata metadata = metadata(node);
    switch (node.form()) {
      case Form.SymbolicLink(Octets target) -> tree.symlink(path, target.toByteArray(), metadata);
      case Form.CharacterDevice(long major, long minor) ->
          tree.special(path, FileKind.CHAR_DEVICE, device(major, minor), metadata);
      case Form.BlockDevice(long major, long minor) ->
          tree.special(path, FileKind.BLOCK_DEVICE, device(major, minor), metadata);
      case Form.Fifo fifo -> tree.special(path, FileKind.FIFO, 0, metadata);
      case Form.Socket socket -> tree.special(path, FileKind.SOCKET, 0, metadata);
      case Form.Directory directory -> tree.directory(path, metadata);
      case Form.RegularFile file ->
          throw new IllegalArgumentException("a file is made by its content");
    }
  }

  private static long device(long major, long minor) {
    return DeviceNumber.of((int) major, (int) minor);
  }

  private static EntryMetadata metadata(Node node) {
    return EntryMetadata.of(node.metadata(), node.xattrs());
  }

  /** Gives what stands at {@code existing} another name. */
  void link(EntryPath existing, EntryPath path) {
    writer.ifPresent(tree -> tree.hardLink(path.toByteArray(), existing.toByteArray()));
  }

  /** A file that was restored, to be compared. */
  TargetFile readBack(Node node, long sizeBytes) {
    return new ReadBackFile(node.path(), sizeBytes, view.read(node.path()));
  }

  /** Describes the directories and makes all durable; empty in a dry run. */
  Optional<TreeReport> finish() {
    return writer.map(TreeWriter::finish);
  }

  @Override
  public void close() {
    view.close();
    writer.ifPresent(TreeWriter::close);
  }
}
