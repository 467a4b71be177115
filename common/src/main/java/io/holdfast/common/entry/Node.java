package io.holdfast.common.entry;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A path of a snapshot: metadata, form and, for a file, its first segment.
 *
 * @param xattrs extended attributes, {@link Xattrs#NONE} if there are none
 * @param linkDevice device number of a file that several paths share; see {@link #linkGroup}
 * @param gap what couldn't be read of it
 */
public record Node(
    EntryPath path,
    Metadata metadata,
    Form form,
    Xattrs xattrs,
    OptionalLong linkDevice,
    Optional<Gap> gap)
    implements Entry {
  public Node {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(xattrs, "xattrs");
    Objects.requireNonNull(linkDevice, "linkDevice");
    Objects.requireNonNull(gap, "gap");
    if (linkDevice.isPresent() && form instanceof Form.Directory) {
      throw new IllegalArgumentException("a directory can't be in a link group");
    }
    if (form instanceof Form.SymbolicLink(Octets target) && target.isEmpty() && gap.isEmpty()) {
      throw new IllegalArgumentException("a symbolic link without a target needs a gap");
    }
  }

  /** A path without extended attributes, other links or a gap. */
  public static Node of(EntryPath path, Metadata metadata, Form form) {
    return new Node(path, metadata, form, Xattrs.NONE, OptionalLong.empty(), Optional.empty());
  }

  @Override
  public EntryType type() {
    return form.type();
  }

  @Override
  public long segmentOffset() {
    return 0;
  }

  /** What names the file that several paths share; empty if this is its only path. */
  public Optional<LinkGroup> linkGroup() {
    return linkDevice.isPresent()
        ? Optional.of(new LinkGroup(linkDevice.getAsLong(), metadata.inode()))
        : Optional.empty();
  }

  public boolean isDirectory() {
    return form instanceof Form.Directory;
  }

  /** The same at another path. */
  public Node withPath(EntryPath newPath) {
    return new Node(newPath, metadata, form, xattrs, linkDevice, gap);
  }

  public Node withMetadata(Metadata newMetadata) {
    return new Node(path, newMetadata, form, xattrs, linkDevice, gap);
  }

  public Node withForm(Form newForm) {
    return new Node(path, metadata, newForm, xattrs, linkDevice, gap);
  }

  public Node withXattrs(Xattrs newXattrs) {
    return new Node(path, metadata, form, newXattrs, linkDevice, gap);
  }

  /** In the group of {@code device} and this node's inode. */
  public Node withLinkDevice(long device) {
    return new Node(path, metadata, form, xattrs, OptionalLong.of(device), gap);
  }

  public Node withGap(Gap newGap) {
    return new Node(path, metadata, form, xattrs, linkDevice, Optional.of(newGap));
  }
}
