package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Xattr;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Xattrs;
import java.util.List;

/**
 * What a restored entry should say about itself.
 *
 * @param mode the twelve permission bits
 * @param uid 32 bits, unsigned
 * @param gid 32 bits, unsigned
 */
public record EntryMetadata(
    int mode, int uid, int gid, long modifySeconds, int modifyNanos, List<Xattr> xattrs) {
  private static final int PERMISSION_BITS = 07777;

  public EntryMetadata {
    mode &= PERMISSION_BITS;
    xattrs = List.copyOf(xattrs);
  }

  /** From the values of a snapshot's entry. */
  public static EntryMetadata of(Metadata metadata, Xattrs xattrs) {
    return new EntryMetadata(
        metadata.mode(),
        (int) metadata.uid(),
        (int) metadata.gid(),
        metadata.mtimeSeconds(),
        metadata.mtimeNanos(),
        xattrs.all().stream()
            .map(one -> new Xattr(one.name().toByteArray(), one.value().toByteArray()))
            .toList());
  }
}
