package io.holdfast.agent.tree;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.Xattr;
import java.util.Arrays;
import java.util.List;

/**
 * Sets what an entry says about itself and records what can't be. The order matters: the owner
 * first, because changing it clears set-id bits and capabilities; attributes before the mode,
 * because a mode without write permission would keep a plain user from setting them (an ACL and a
 * mode of the same entry agree, so either may come last); the time after everything that could
 * touch it. Any thread.
 */
final class MetadataWriter {
  private static final int SET_ID_BITS = 06000;

  /** What the kernel may drop of a mode without an error: set-id and sticky bits. */
  private static final int DROPPED_BITS = 07000;

  private static final byte[] CAPABILITY = Names.of("security.capability");
  private static final byte[] ACL_PREFIX = Names.of("system.posix_acl_");

  private final Privileges privileges;
  private final Differences differences;

  MetadataWriter(Privileges privileges, Differences differences) {
    this.privileges = privileges;
    this.differences = differences;
  }

  void describe(Subject subject, byte[] path, EntryMetadata metadata) throws PosixException {
    describe(subject, subject.stat(), path, metadata);
  }

  /** As above, of what {@code made} says is there. */
  void describe(Subject subject, FileStat made, byte[] path, EntryMetadata metadata) {
    boolean mayGrant = setOwner(subject, made, path, metadata) && privileges.setIds();
    dropInheritedAcls(subject, path, metadata.xattrs());
    for (Xattr xattr : metadata.xattrs()) {
      setXattr(subject, path, xattr, mayGrant);
    }
    if (made.kind() != FileKind.SYMLINK) {
      setMode(subject, path, metadata.mode(), mayGrant);
    }
    setTime(subject, path, metadata);
  }

  /** Whether the entry belongs to whom the snapshot says. */
  private boolean setOwner(Subject subject, FileStat made, byte[] path, EntryMetadata metadata) {
    if (made.uid() == metadata.uid() && made.gid() == metadata.gid()) {
      return true;
    }
    if (!privileges.owners()) {
      return false;
    }
    try {
      subject.setOwner(metadata.uid(), metadata.gid());
      return true;
    } catch (PosixException e) {
      differences.add(path, DifferenceReason.OWNER_NOT_SET, e.number());
      return false;
    }
  }

  /**
   * A directory's default ACL is given to what is made in it, whether the snapshot had it or not.
   */
  private void dropInheritedAcls(Subject subject, byte[] path, List<Xattr> wanted) {
    try {
      for (Xattr found : subject.xattrs()) {
        if (isAcl(found) && wanted.stream().noneMatch(one -> sameName(one, found))) {
          subject.removeXattr(found.name());
        }
      }
    } catch (PosixException e) {
      differences.add(path, DifferenceReason.XATTR_NOT_SET, e.number());
    }
  }

  private static boolean isAcl(Xattr xattr) {
    int length = ACL_PREFIX.length;
    return xattr.name().length >= length
        && Arrays.equals(xattr.name(), 0, length, ACL_PREFIX, 0, length);
  }

  private static boolean sameName(Xattr left, Xattr right) {
    return Arrays.equals(left.name(), right.name());
  }

  private void setXattr(Subject subject, byte[] path, Xattr xattr, boolean mayGrant) {
    if (Arrays.equals(xattr.name(), CAPABILITY) && !mayGrant) {
      differences.add(path, DifferenceReason.SET_ID_LEFT_OUT, 0);
      return;
    }
    try {
      subject.setXattr(xattr);
    } catch (PosixException e) {
      differences.add(path, DifferenceReason.XATTR_NOT_SET, e.number());
    }
  }

  private void setMode(Subject subject, byte[] path, int mode, boolean mayGrant) {
    int permissions = mayGrant ? mode : mode & ~SET_ID_BITS;
    try {
      subject.setMode(permissions);
      boolean granted =
          (permissions & DROPPED_BITS) == 0 || subject.stat().permissions() == permissions;
      if (permissions != mode || !granted) {
        differences.add(path, DifferenceReason.SET_ID_LEFT_OUT, 0);
      }
    } catch (PosixException e) {
      differences.add(path, DifferenceReason.MODE_NOT_SET, e.number());
    }
  }

  private void setTime(Subject subject, byte[] path, EntryMetadata metadata) {
    try {
      subject.setModifyTime(metadata.modifySeconds(), metadata.modifyNanos());
    } catch (PosixException e) {
      differences.add(path, DifferenceReason.TIME_NOT_SET, e.number());
    }
  }
}
