package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.LossCause;
import java.nio.ByteBuffer;

/**
 * Tells whether sealed bytes are what was written, without a key.
 *
 * <ol>
 *   <li>I1: nothing is called lost by one reading: the second one opens the object afresh.
 *   <li>I2: an error that may pass says nothing of the bytes.
 *   <li>I3: where the CRC holds, which this repository's coordinators checked as the bytes arrived,
 *       and the hash doesn't, the bytes are what was written and the uploader's hash lied: that is
 *       its fault, and mustn't cost other hosts' pages their trust.
 * </ol>
 *
 * <p>Any thread.
 */
final class SealedReads {
  private final Vault vault;

  SealedReads(Vault vault) {
    this.vault = vault;
  }

  static ObjectName objectName(PackId pack) {
    return ObjectName.of(PackLayout.objectName(pack));
  }

  /** Judges an entry whose sealed bytes a first reading put at {@code offset}. */
  Reading judge(PackFooter footer, int entry, byte[] bytes, int offset) {
    return isAsWritten(footer, entry, bytes, offset)
        ? new Reading.Intact(bytes, offset, footer.sealedLength(entry))
        : again(footer, entry);
  }

  /** Judges an entry of which a first reading had nothing or something else. */
  Reading again(PackFooter footer, int entry) {
    PackId pack = footer.identity().pack();
    byte[] bytes = new byte[footer.sealedLength(entry)];
    try (ObjectReader reader = vault.open(objectName(pack))) {
      reader.read(footer.offset(entry), ByteBuffer.wrap(bytes));
    } catch (HoldfastException e) {
      return unreadable(footer, entry, e);
    }
    if (isAsWritten(footer, entry, bytes, 0)) {
      return new Reading.Intact(bytes, 0, bytes.length);
    }
    boolean arrivedSo = PackReader.crc32c(bytes, 0, bytes.length) == footer.crc32c(entry);
    return arrivedSo
        ? new Reading.Lost(LossCause.LOSS_CAUSE_PROOF_FAILED, hashLied(footer, entry))
        : new Reading.Lost(LossCause.LOSS_CAUSE_BYTES_DAMAGED, damaged(footer, entry));
  }

  private Reading unreadable(PackFooter footer, int entry, HoldfastException e) {
    return switch (e.code()) {
      case OBJECT_NOT_FOUND -> gone(footer.identity().pack());
      case MALFORMED ->
          new Reading.Lost(LossCause.LOSS_CAUSE_BYTES_DAMAGED, damaged(footer, entry));
      default -> new Reading.Untold(e);
    };
  }

  /** A pack that a reading didn't find: lost if a second look doesn't either. */
  Reading gone(PackId pack) {
    try {
      return vault.size(objectName(pack)).isEmpty()
          ? new Reading.Lost(LossCause.LOSS_CAUSE_PACK_MISSING, missing(pack))
          : new Reading.Untold(missing(pack));
    } catch (HoldfastException e) {
      return new Reading.Untold(e);
    }
  }

  private static boolean isAsWritten(PackFooter footer, int entry, byte[] bytes, int offset) {
    int length = footer.sealedLength(entry);
    return PackReader.crc32c(bytes, offset, length) == footer.crc32c(entry)
        && SealedHash.of(bytes, offset, length).equals(footer.hash(entry));
  }

  private HoldfastException missing(PackId pack) {
    return new HoldfastException(
        ErrorCode.OBJECT_NOT_FOUND,
        "pack "
            + pack
            + " is not in vault "
            + vault.identity().vault()
            + " any more; bring it back if it is anywhere, and run `holdfast verify`; or run a"
            + " backup of each host, which stores again what the host still has");
  }

  private HoldfastException damaged(PackFooter footer, int entry) {
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        describe(footer, entry)
            + " is not what was written; run a backup of the host, which stores it again if the"
            + " host still has it, and look at the vault's disks");
  }

  private HoldfastException hashLied(PackFooter footer, int entry) {
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        describe(footer, entry)
            + " came with a hash that isn't its own; distrust host "
            + footer.owner(footer.ownerIndex(entry))
            + ", which uploaded it");
  }

  private String describe(PackFooter footer, int entry) {
    String what =
        footer.isSnapshotRecord(entry)
            ? "the copy of snapshot " + footer.snapshot(entry)
            : "chunk " + footer.chunk(entry);
    return what
        + " in vault "
        + vault.identity().vault()
        + ", pack "
        + footer.identity().pack()
        + " at offset "
        + footer.offset(entry);
  }
}
