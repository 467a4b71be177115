package io.holdfast.common.page;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattr;
import io.holdfast.common.entry.Xattrs;
import java.util.Optional;

/**
 * Encodes entries as {@code proto/FORMAT.md}, section 4, says.
 *
 * <pre>
 * head | shared, rest of path | segment offset (continuation) | metadata | by type | link group | gap
 *      | extended attributes | segment length, extents | block map | content tag
 * </pre>
 */
final class EntryWriter {
  private final PageOutput out;
  private final ReferenceTable references;

  EntryWriter(PageOutput out, ReferenceTable references) {
    this.out = out;
    this.references = references;
  }

  /** Writes {@code entry}, whose path shares {@code shared} bytes with the one before it. */
  void write(Entry entry, int shared) {
    switch (entry) {
      case Node node -> writeNode(node, shared);
      case Continuation continuation -> writeContinuation(continuation, shared);
    }
  }

  private void writeContinuation(Continuation continuation, int shared) {
    Segment segment = continuation.segment();
    out.varint(
        continuation.type().number() | gapBit(continuation) | blockMapBit(segment.blockMap()));
    out.path(continuation.path(), shared);
    out.varint(segment.offsetBytes());
    writeGap(continuation.gap());
    writeSegment(segment);
  }

  private void writeNode(Node node, int shared) {
    out.varint(headOf(node));
    out.path(node.path(), shared);
    writeMetadata(node.metadata());
    writeForm(node.form());
    if (node.linkDevice().isPresent()) {
      out.varint(node.linkDevice().getAsLong());
    }
    writeGap(node.gap());
    writeXattrs(node.xattrs());
    if (node.form() instanceof Form.RegularFile file) {
      writeSegment(file.first());
      file.tag().ifPresent(tag -> out.fixed64(tag.bits()));
    }
  }

  private static int headOf(Node node) {
    int head = node.type().number() | gapBit(node);
    head |= node.xattrs().isEmpty() ? 0 : EntryHead.XATTRS;
    head |= node.linkDevice().isPresent() ? EntryHead.LINK_GROUP : 0;
    return node.form() instanceof Form.RegularFile file
        ? head | blockMapBit(file.first().blockMap()) | tagBit(file)
        : head;
  }

  private static int gapBit(Entry entry) {
    return entry.gap().isPresent() ? EntryHead.GAP : 0;
  }

  private static int tagBit(Form.RegularFile file) {
    return file.tag().isPresent() ? EntryHead.CONTENT_TAG : 0;
  }

  private static int blockMapBit(Optional<Reference> blockMap) {
    return blockMap.isPresent() ? EntryHead.BLOCK_MAP : 0;
  }

  private void writeMetadata(Metadata metadata) {
    out.varint(metadata.mode());
    out.varint(metadata.uid());
    out.varint(metadata.gid());
    out.zigzag(metadata.mtimeSeconds());
    out.varint(metadata.mtimeNanos());
    out.zigzag(metadata.ctimeSeconds());
    out.varint(metadata.ctimeNanos());
    out.varint(metadata.inode());
  }

  private void writeForm(Form form) {
    switch (form) {
      case Form.RegularFile file -> out.varint(file.sizeBytes());
      case Form.SymbolicLink link -> out.octets(link.target());
      case Form.CharacterDevice device -> writeDevice(device.major(), device.minor());
      case Form.BlockDevice device -> writeDevice(device.major(), device.minor());
      case Form.Directory directory -> {}
      case Form.Fifo fifo -> {}
      case Form.Socket socket -> {}
    }
  }

  private void writeDevice(long major, long minor) {
    out.varint(major);
    out.varint(minor);
  }

  private void writeGap(Optional<Gap> gap) {
    if (gap.isPresent()) {
      out.varint(gap.get().reason().number());
      out.varint(gap.get().errno());
    }
  }

  private void writeXattrs(Xattrs xattrs) {
    if (xattrs.isEmpty()) {
      return;
    }
    out.varint(xattrs.all().size());
    for (Xattr xattr : xattrs.all()) {
      out.octets(xattr.name());
      out.octets(xattr.value());
    }
  }

  private void writeSegment(Segment segment) {
    Extents extents = segment.extents();
    out.varint(extents.totalBytes());
    out.varint(extents.count());
    for (int at = 0; at < extents.count(); at++) {
      writeExtent(extents, at);
    }
    if (segment.blockMap().isPresent()) {
      out.varint(references.indexOf(segment.blockMap().get()));
    }
  }

  private void writeExtent(Extents extents, int at) {
    if (extents.isHole(at)) {
      out.varint(0);
      out.varint(extents.lengthBytes(at));
    } else {
      out.varint(references.indexOf(extents.chunk(at)) + 1);
      out.varint(extents.lengthBytes(at));
      out.varint(extents.offset(at));
    }
  }
}
