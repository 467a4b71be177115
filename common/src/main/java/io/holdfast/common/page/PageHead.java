package io.holdfast.common.page;

import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts that leaf and index pages share.
 *
 * <pre>
 * version 1 | level 1 | flags 1 | zero 1 | references | root header, if flagged | item count | items
 * </pre>
 */
record PageHead(int level, List<Reference> references, Optional<RootHeader> root) {
  private static final int ROOT_FLAG = 1;

  static PageHead read(PageInput in) {
    checkVersion(in.unsignedByte("the version"));
    int level = in.unsignedByte("the level");
    int flags = in.unsignedByte("the flags");
    int zero = in.unsignedByte("the reserved byte");
    if ((flags & ~ROOT_FLAG) != 0 || zero != 0) {
      throw in.corrupt("flags " + flags + " and reserved byte " + zero + " are unknown");
    }
    if (level > PageLimits.MAX_LEVEL) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED, "page of level " + level + "; the highest is 32");
    }
    boolean root = flags == ROOT_FLAG;
    if (root && level == 0) {
      throw in.corrupt("a leaf can't be a root");
    }
    List<Reference> references = ReferenceUse.readTable(in);
    return new PageHead(level, references, root ? Optional.of(readRoot(in)) : Optional.empty());
  }

  private static void checkVersion(int version) {
    if (version != PageLimits.VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "page has version "
              + version
              + ", and this program reads version 1; read it with a newer release");
    }
  }

  static void write(PageOutput out, int level, ReferenceTable references) {
    write(out, level, 0, references);
  }

  static void writeRoot(PageOutput out, int level, ReferenceTable references, RootHeader root) {
    write(out, level, ROOT_FLAG, references);
    out.varint(root.sources().size());
    root.sources().forEach(out::octets);
    Totals totals = root.totals();
    writeTotals(out, totals);
  }

  private static void write(PageOutput out, int level, int flags, ReferenceTable references) {
    out.unsignedByte(PageLimits.VERSION);
    out.unsignedByte(level);
    out.unsignedByte(flags);
    out.unsignedByte(0);
    references.writeTo(out);
  }

  private static RootHeader readRoot(PageInput in) {
    int count = in.count(PageLimits.MAX_SOURCES, 2, "number of sources");
    List<Octets> sources = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      sources.add(in.octets(PageLimits.MAX_SOURCE_BYTES, "length of a source's path"));
    }
    Totals totals = readTotals(in);
    try {
      return new RootHeader(sources, totals);
    } catch (IllegalArgumentException e) {
      throw in.corrupt(e.getMessage());
    }
  }

  static Reference readReference(PageInput in) {
    int at = in.skip(Reference.LENGTH, "a reference");
    int kind = in.bytes()[at] & 0xff;
    try {
      return new Reference(ChunkKind.of(kind), Bytes32.read(in.bytes(), at + 1));
    } catch (HoldfastException e) {
      throw in.corrupt("a reference has kind " + kind + ", which this version doesn't know");
    }
  }

  static void writeTotals(PageOutput out, Totals totals) {
    out.varint(totals.entries());
    out.varint(totals.files());
    out.varint(totals.directories());
    out.varint(totals.logicalBytes());
    out.varint(totals.gaps());
  }

  static Totals readTotals(PageInput in) {
    return new Totals(
        in.size("total of entries"),
        in.size("total of files"),
        in.size("total of directories"),
        in.size("total of bytes"),
        in.size("total of gaps"));
  }
}
