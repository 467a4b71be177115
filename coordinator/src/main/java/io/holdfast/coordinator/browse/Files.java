package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.page.Difference;
import io.holdfast.proto.wire.v1.DifferenceKind;
import io.holdfast.proto.wire.v1.File;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Nodes and paths as they go over the wire. */
final class Files {
  private Files() {}

  static File of(Node node) {
    Metadata metadata = node.metadata();
    File.Builder file =
        File.newBuilder()
            .setPath(path(node.path()))
            .setType(node.type().number())
            .setMode(metadata.mode())
            .setUid((int) metadata.uid())
            .setGid((int) metadata.gid())
            .setMtimeSeconds(metadata.mtimeSeconds())
            .setMtimeNanos(metadata.mtimeNanos());
    switch (node.form()) {
      case Form.RegularFile regular -> file.setSize(regular.sizeBytes());
      case Form.SymbolicLink link ->
          file.setLinkTarget(ByteString.copyFrom(link.target().toByteArray()));
      case Form.Directory directory -> {}
      case Form.CharacterDevice device -> {}
      case Form.BlockDevice device -> {}
      case Form.Fifo fifo -> {}
      case Form.Socket socket -> {}
    }
    node.gap().ifPresent(gap -> file.setGap(gap.reason().number()));
    return file.build();
  }

  /** A file of which the path alone is known. */
  static File named(EntryPath path) {
    return File.newBuilder().setPath(path(path)).build();
  }

  private static ByteString path(EntryPath path) {
    return ByteString.copyFrom(path.toByteArray());
  }

  /** The path that was asked for; slashes at either end don't count. Empty for the top. */
  static Optional<EntryPath> path(ByteString asked) {
    byte[] bytes = asked.toByteArray();
    int from = 0;
    int to = bytes.length;
    while (from < to && bytes[from] == '/') {
      from++;
    }
    while (to > from && bytes[to - 1] == '/') {
      to--;
    }
    return from == to
        ? Optional.empty()
        : Optional.of(EntryPath.of(Arrays.copyOfRange(bytes, from, to)));
  }

  /** What a change amounts to for people; empty if the content only lies elsewhere in the vault. */
  static Optional<DifferenceKind> kind(Set<Difference> differences) {
    if (differences.contains(Difference.TYPE)) {
      return Optional.of(DifferenceKind.DIFFERENCE_KIND_TYPE);
    }
    if (differences.contains(Difference.CONTENT) || differences.contains(Difference.GAP)) {
      return Optional.of(DifferenceKind.DIFFERENCE_KIND_CONTENT);
    }
    return differences.contains(Difference.METADATA) || differences.contains(Difference.XATTRS)
        ? Optional.of(DifferenceKind.DIFFERENCE_KIND_METADATA)
        : Optional.empty();
  }
}
