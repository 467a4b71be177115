package io.holdfast.common.page;

import io.holdfast.common.entry.ContentTag;
import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattr;
import io.holdfast.common.entry.Xattrs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decodes entries, the mirror of {@link EntryWriter}. What the values themselves refuse becomes
 * PAGE_CORRUPT; counts are capped here, before anything is built from them.
 */
final class EntryReader {
  private final PageInput in;
  private final ReferenceUse references;
  private final PathReader paths;

  EntryReader(PageInput in, ReferenceUse references) {
    this.in = in;
    this.references = references;
    this.paths = new PathReader(in);
  }

  /** What the path read last was said to share with the one before it. */
  int sharedLength() {
    return paths.sharedLength();
  }

  Entry read() {
    int head = in.value(EntryHead.KNOWN, "an entry's head");
    EntryType type = typeOf(head);
    EntryPath path = paths.read();
    try {
      return type == EntryType.CONTINUATION
          ? readContinuation(head, path)
          : readNode(head, type, path);
    } catch (IllegalArgumentException e) {
      throw in.corrupt("entry '" + path + "': " + e.getMessage());
    }
  }

  private EntryType typeOf(int head) {
    int number = head & EntryHead.TYPE_MASK;
    EntryType type =
        EntryType.find(number)
            .orElseThrow(() -> in.corrupt("entry type " + number + " is unknown"));
    boolean content = type == EntryType.FILE || type == EntryType.CONTINUATION;
    if (!content && (head & EntryHead.BLOCK_MAP) != 0) {
      throw in.corrupt("an entry of type " + number + " can't have a block map");
    }
    if (type != EntryType.FILE && (head & EntryHead.CONTENT_TAG) != 0) {
      throw in.corrupt("an entry of type " + number + " can't have a content tag");
    }
    int nodeOnly = EntryHead.XATTRS | EntryHead.LINK_GROUP;
    if (type == EntryType.CONTINUATION && (head & nodeOnly) != 0) {
      throw in.corrupt("a continuation has no attributes and no link group");
    }
    return type;
  }

  private Continuation readContinuation(int head, EntryPath path) {
    long offset = in.size("segment offset");
    Optional<Gap> gap = readGap(head);
    return new Continuation(path, readSegment(head, offset), gap);
  }

  private Node readNode(int head, EntryType type, EntryPath path) {
    Metadata metadata = readMetadata();
    long sizeBytes = type == EntryType.FILE ? in.size("file size") : 0;
    Form form = type == EntryType.FILE ? null : readForm(type);
    OptionalLong linkDevice =
        (head & EntryHead.LINK_GROUP) != 0
            ? OptionalLong.of(in.varint("link group"))
            : OptionalLong.empty();
    Optional<Gap> gap = readGap(head);
    Xattrs xattrs = (head & EntryHead.XATTRS) != 0 ? readXattrs() : Xattrs.NONE;
    if (form == null) {
      form = new Form.RegularFile(sizeBytes, readSegment(head, 0), readTag(head));
    }
    return new Node(path, metadata, form, xattrs, linkDevice, gap);
  }

  private Metadata readMetadata() {
    return new Metadata(
        in.value(Metadata.MODE_MASK, "mode"),
        in.size("uid"),
        in.size("gid"),
        in.zigzag("mtime"),
        in.value(Integer.MAX_VALUE, "mtime nanoseconds"),
        in.zigzag("ctime"),
        in.value(Integer.MAX_VALUE, "ctime nanoseconds"),
        in.varint("inode"));
  }

  private Form readForm(EntryType type) {
    return switch (type) {
      case DIRECTORY -> Form.DIRECTORY;
      case SYMBOLIC_LINK ->
          new Form.SymbolicLink(in.octets(Form.MAX_TARGET_BYTES, "length of a link's target"));
      case CHARACTER_DEVICE -> new Form.CharacterDevice(in.size("major"), in.size("minor"));
      case BLOCK_DEVICE -> new Form.BlockDevice(in.size("major"), in.size("minor"));
      case FIFO -> Form.FIFO;
      case SOCKET -> Form.SOCKET;
      case FILE, CONTINUATION -> throw new IllegalStateException(type + " has a segment");
    };
  }

  private Optional<Gap> readGap(int head) {
    if ((head & EntryHead.GAP) == 0) {
      return Optional.empty();
    }
    int number = in.value(EntryHead.KNOWN, "gap reason");
    GapReason reason =
        GapReason.find(number)
            .orElseThrow(() -> in.corrupt("gap reason " + number + " is unknown"));
    return Optional.of(new Gap(reason, in.value(Gap.MAX_ERRNO, "errno")));
  }

  private Optional<ContentTag> readTag(int head) {
    return (head & EntryHead.CONTENT_TAG) != 0
        ? Optional.of(new ContentTag(in.fixed64("content tag")))
        : Optional.empty();
  }

  private Xattrs readXattrs() {
    int count = in.count(Xattrs.MAX_BYTES, 2, "number of extended attributes");
    if (count == 0) {
      throw in.corrupt("extended attributes are announced, and none follow");
    }
    List<Xattr> xattrs = new ArrayList<>(Math.min(count, 64));
    for (int at = 0; at < count; at++) {
      Octets name = in.octets(Xattr.MAX_NAME_BYTES, "length of an attribute's name");
      xattrs.add(new Xattr(name, in.octets(Xattrs.MAX_BYTES, "length of an attribute's value")));
    }
    return new Xattrs(xattrs);
  }

  private Segment readSegment(int head, long offset) {
    long length = in.size("segment length");
    Extents extents = readExtents();
    if (extents.totalBytes() != length) {
      throw in.corrupt("extents of " + extents.totalBytes() + " bytes in a segment of " + length);
    }
    Optional<Reference> blockMap =
        (head & EntryHead.BLOCK_MAP) != 0 ? Optional.of(readReference()) : Optional.empty();
    return new Segment(offset, extents, blockMap);
  }

  private Extents readExtents() {
    int count = in.count(Extents.MAX_COUNT, 2, "number of extents");
    Extents.Builder extents = new Extents.Builder(count);
    for (int at = 0; at < count; at++) {
      int reference = in.value(PageLimits.MAX_REFERENCES, "reference of an extent");
      long length = in.size("length of an extent");
      if (reference == 0) {
        extents.addHoleApart(length);
      } else {
        Reference chunk = references.get(reference - 1, in);
        extents.addApart(chunk, in.value(Extents.MAX_CHUNK_BYTES, "offset of an extent"), length);
      }
    }
    return extents.build();
  }

  private Reference readReference() {
    return references.get(in.value(PageLimits.MAX_REFERENCES, "reference index"), in);
  }
}
