package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ApprovalId;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.PersonId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.proto.stored.v1.Change;
import java.util.BitSet;
import java.util.function.Function;

/** From the bytes of a journal record to typed values; MALFORMED names the field that isn't one. */
final class Fields {
  private Fields() {}

  static HostId host(ByteString bytes) {
    return id(bytes, "host id", HostId::of);
  }

  static JobId job(ByteString bytes) {
    return id(bytes, "job id", JobId::of);
  }

  static RunId run(ByteString bytes) {
    return id(bytes, "run id", RunId::of);
  }

  static PolicyId policy(ByteString bytes) {
    return id(bytes, "policy id", PolicyId::of);
  }

  static SeriesId series(ByteString bytes) {
    return id(bytes, "series id", SeriesId::of);
  }

  static PersonId person(ByteString bytes) {
    return id(bytes, "person id", PersonId::of);
  }

  static ApprovalId approval(ByteString bytes) {
    return id(bytes, "approval id", ApprovalId::of);
  }

  static PackId pack(ByteString bytes) {
    return id(bytes, "pack id", PackId::of);
  }

  static CoordinatorId coordinator(ByteString bytes) {
    return id(bytes, "writer id", CoordinatorId::of);
  }

  static SnapshotId snapshot(ByteString bytes) {
    return id(bytes, "snapshot id", SnapshotId::of);
  }

  static Bytes32 bytes32(ByteString bytes, String name) {
    return id(bytes, name, Bytes32::of);
  }

  static byte[] bytes16(ByteString bytes, String name) {
    if (bytes.size() != 16) {
      throw malformed(name + " of " + bytes.size() + " bytes, expected 16");
    }
    return bytes.toByteArray();
  }

  static <T> T id(ByteString bytes, String name, Function<byte[], T> of) {
    try {
      return of.apply(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw malformed(name + " of " + bytes.size() + " bytes: " + e.getMessage());
    }
  }

  /**
   * The bits of a little-endian bitmap over {@code entries} entries. Bits beyond the last entry
   * mean nothing and are dropped.
   */
  static BitSet bits(ByteString bitmap, int entries) {
    int bytes = Math.min(bitmap.size(), (entries + 7) / 8);
    BitSet bits = BitSet.valueOf(bitmap.substring(0, bytes).asReadOnlyByteBuffer());
    bits.clear(entries, Math.max(entries, bits.length()));
    return bits;
  }

  /** As {@link #bits}, but an empty bitmap stands for every entry. */
  static BitSet bitsOrAll(ByteString bitmap, int entries) {
    if (!bitmap.isEmpty()) {
      return bits(bitmap, entries);
    }
    BitSet all = new BitSet(entries);
    all.set(0, entries);
    return all;
  }

  /** Parses a change; UNKNOWN_VERSION if a newer version wrote it, MALFORMED if it isn't one. */
  static Change change(ByteString clear) {
    Change change;
    try {
      change = Change.parseFrom(clear);
    } catch (InvalidProtocolBufferException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "a mutation's clear part doesn't parse: " + e.getMessage(), e);
    }
    if (!change.getUnknownFields().asMap().isEmpty()) {
      throw unknown("change number " + change.getUnknownFields().asMap().keySet());
    }
    return change;
  }

  /** A kind of change, or a value in one, that only a newer version knows. */
  static HoldfastException unknown(String what) {
    return new HoldfastException(
        ErrorCode.UNKNOWN_VERSION,
        what
            + " is unknown to catalog format "
            + Catalog.FORMAT
            + "; update this coordinator to the version of the one that wrote it");
  }

  static HoldfastException malformed(String what) {
    return new HoldfastException(ErrorCode.MALFORMED, "journal record holds a " + what);
  }
}
