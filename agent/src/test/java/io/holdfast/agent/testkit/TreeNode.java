package io.holdfast.agent.testkit;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Xattr;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One entry of a {@link FileTree}. Null where a literal doesn't say.
 *
 * @param data ranges of a file by offset; a link's target at offset 0
 * @param sparse whether the ranges between {@code data} are to be holes
 * @param linkedTo path of the first name of the same file
 */
public record TreeNode(
    FileKind kind,
    Integer mode,
    Integer uid,
    Integer gid,
    Long modifySeconds,
    Integer modifyNanos,
    NavigableMap<Long, byte[]> data,
    long sizeBytes,
    boolean sparse,
    int major,
    int minor,
    SortedSet<Xattr> xattrs,
    String linkedTo) {

  static TreeNode of(FileKind kind) {
    return new TreeNode(
        kind, null, null, null, null, null, new TreeMap<>(), 0, false, 0, 0, new TreeSet<>(), null);
  }

  TreeNode withContent(byte[] content) {
    return ranges(new TreeMap<>(Map.of(0L, content)), content.length, false);
  }

  TreeNode withSize(long size) {
    return ranges(new TreeMap<>(), size, true);
  }

  TreeNode withData(long offset, byte[] content) {
    NavigableMap<Long, byte[]> more = new TreeMap<>(data);
    more.put(offset, content);
    return ranges(more, Math.max(sizeBytes, offset + content.length), true);
  }

  private TreeNode ranges(NavigableMap<Long, byte[]> ranges, long size, boolean holes) {
    return new TreeNode(
        kind,
        mode,
        uid,
        gid,
        modifySeconds,
        modifyNanos,
        ranges,
        size,
        holes,
        major,
        minor,
        xattrs,
        linkedTo);
  }

  TreeNode withMode(int permissions) {
    return new TreeNode(
        kind,
        permissions,
        uid,
        gid,
        modifySeconds,
        modifyNanos,
        data,
        sizeBytes,
        sparse,
        major,
        minor,
        xattrs,
        linkedTo);
  }

  TreeNode withOwner(int newUid, int newGid) {
    return new TreeNode(
        kind,
        mode,
        newUid,
        newGid,
        modifySeconds,
        modifyNanos,
        data,
        sizeBytes,
        sparse,
        major,
        minor,
        xattrs,
        linkedTo);
  }

  TreeNode withModified(long seconds, int nanos) {
    return new TreeNode(
        kind, mode, uid, gid, seconds, nanos, data, sizeBytes, sparse, major, minor, xattrs,
        linkedTo);
  }

  TreeNode withDevice(int newMajor, int newMinor) {
    return new TreeNode(
        kind,
        mode,
        uid,
        gid,
        modifySeconds,
        modifyNanos,
        data,
        sizeBytes,
        sparse,
        newMajor,
        newMinor,
        xattrs,
        linkedTo);
  }

  TreeNode withXattr(Xattr xattr) {
    SortedSet<Xattr> more = new TreeSet<>(xattrs);
    more.add(xattr);
    return new TreeNode(
        kind,
        mode,
        uid,
        gid,
        modifySeconds,
        modifyNanos,
        data,
        sizeBytes,
        sparse,
        major,
        minor,
        more,
        linkedTo);
  }

  TreeNode withLinkedTo(String path) {
    return new TreeNode(
        kind,
        mode,
        uid,
        gid,
        modifySeconds,
        modifyNanos,
        data,
        sizeBytes,
        sparse,
        major,
        minor,
        xattrs,
        path);
  }

  void addDifferences(String name, TreeNode found, List<String> out) {
    if (kind != found.kind) {
      out.add(name + ": is a " + found.kind + ", not a " + kind);
      return;
    }
    compare(name, "mode", octal(mode), octal(found.mode), mode, out);
    compare(name, "uid", uid, found.uid, uid, out);
    compare(name, "gid", gid, found.gid, gid, out);
    compare(name, "seconds", modifySeconds, found.modifySeconds, modifySeconds, out);
    compare(name, "nanos", modifyNanos, found.modifyNanos, modifyNanos, out);
    compare(name, "xattrs", xattrs, found.xattrs, xattrs.isEmpty() ? null : xattrs, out);
    addDeviceDifference(name, found, out);
    addContentDifference(name, found, out);
  }

  private static String octal(Integer bits) {
    return bits == null ? null : Integer.toOctalString(bits);
  }

  private static void compare(
      String name, String what, Object expected, Object found, Object said, List<String> out) {
    if (said != null && !Objects.equals(expected, found)) {
      out.add(name + ": " + what + " is " + found + ", not " + expected);
    }
  }

  private void addDeviceDifference(String name, TreeNode found, List<String> out) {
    if (kind == FileKind.CHAR_DEVICE && (major != found.major || minor != found.minor)) {
      out.add(name + ": device is " + found.major + ":" + found.minor);
    }
  }

  private void addContentDifference(String name, TreeNode found, List<String> out) {
    if (kind != FileKind.FILE && kind != FileKind.SYMLINK) {
      return;
    }
    if (sizeBytes != found.sizeBytes) {
      out.add(name + ": size is " + found.sizeBytes + ", not " + sizeBytes);
    } else if (!sparse && !Arrays.equals(flat(), found.flat())) {
      out.add(name + ": content differs");
    } else if (sparse && !sameRanges(found)) {
      out.add(name + ": data is at " + found.data.keySet() + ", not " + data.keySet());
    }
  }

  private byte[] flat() {
    byte[] out = new byte[Math.toIntExact(sizeBytes)];
    data.forEach((at, b) -> System.arraycopy(b, 0, out, Math.toIntExact(at), b.length));
    return out;
  }

  /** The kernel may round data up to its blocks with zeros, never down. */
  private boolean sameRanges(TreeNode found) {
    return data.entrySet().stream().allMatch(e -> found.covers(e.getKey(), e.getValue()))
        && found.dataBytes() <= roundedDataBytes();
  }

  private boolean covers(long offset, byte[] content) {
    var range = data.floorEntry(offset);
    if (range == null) {
      return content.length == 0;
    }
    int from = Math.toIntExact(offset - range.getKey());
    int to = from + content.length;
    return to <= range.getValue().length
        && Arrays.equals(range.getValue(), from, to, content, 0, content.length);
  }

  private long dataBytes() {
    return data.values().stream().mapToLong(b -> b.length).sum();
  }

  private long roundedDataBytes() {
    return data.values().stream().mapToLong(b -> (b.length + 65_535L) / 65_536 * 65_536).sum();
  }
}
