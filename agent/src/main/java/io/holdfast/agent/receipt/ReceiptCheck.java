package io.holdfast.agent.receipt;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Purpose;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.stored.v1.SignedReceipt;
import java.time.Instant;
import java.util.Optional;

/**
 * Holds a receipt against what this host committed and whom it trusts. Any thread.
 *
 * @param trust the fleet's root: a coordinator's journal key under it signs receipts
 */
record ReceiptCheck(FleetTrust trust, RepositoryId repository, HostId host) {
  private static final int ID_BYTES = 16;

  /**
   * The receipt in {@code signed}, if it is one of {@code commit}. MALFORMED, SIGNATURE_INVALID,
   * CERTIFICATE_INVALID or CERTIFICATE_EXPIRED if not.
   */
  Receipt check(byte[] signed, CommittedRun commit, Instant now) {
    SignedReceipt parsed = parse(signed);
    Receipt receipt = parseReceipt(parsed.getReceipt());
    checkSignature(parsed, now);
    checkFields(receipt, commit);
    return receipt;
  }

  static SignedReceipt parse(byte[] signed) {
    try {
      return SignedReceipt.parseFrom(signed);
    } catch (InvalidProtocolBufferException e) {
      throw new HoldfastException(ErrorCode.MALFORMED, refused("it is none"), e);
    }
  }

  static Receipt parseReceipt(ByteString bytes) {
    try {
      return Receipt.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new HoldfastException(ErrorCode.MALFORMED, refused("it is none"), e);
    }
  }

  private void checkSignature(SignedReceipt signed, Instant now) {
    Identity signer =
        trust.verify(
            Certificates.parseChain(
                signed.getCertificatesList().stream().map(ByteString::toByteArray).toList()),
            Purpose.JOURNAL,
            now);
    VerifyingKey.of(signer.certificate())
        .check(
            "the receipt of a commit by " + signer,
            SigningDomain.RECEIPT,
            Signature.of(signed.getSignature().toByteArray()),
            signed.getReceipt().toByteArray());
  }

  private void checkFields(Receipt receipt, CommittedRun commit) {
    require(equal(receipt.getRepository(), repository.toByteArray()), "another repository");
    require(equal(receipt.getHost(), host.toByteArray()), "another host");
    require(equal(receipt.getRun(), commit.run().toByteArray()), "another run");
    require(equal(receipt.getSnapshot(), commit.snapshot().toByteArray()), "another snapshot");
    require(receipt.getRoot().size() == Bytes32.LENGTH, "no root");
    ChunkId root = ChunkId.of(receipt.getRoot().toByteArray());
    require(Optional.of(root).equals(commit.root().or(() -> Optional.of(root))), "another root");
    SnapshotId expected = SnapshotFormat.snapshotId(host, commit.run(), root);
    require(expected.equals(commit.snapshot()), "a snapshot that isn't the root's");
    require(
        receipt.getIncarnation().size() == ID_BYTES
            && receipt.getRecordHash().size() == Bytes32.LENGTH
            && receipt.getSeq() != 0,
        "no record of the journal");
  }

  private static boolean equal(ByteString field, byte[] expected) {
    return field.equals(ByteString.copyFrom(expected));
  }

  private static void require(boolean holds, String names) {
    if (!holds) {
      throw new HoldfastException(
          ErrorCode.SIGNATURE_INVALID,
          refused("it names " + names + ", not what this host committed"));
    }
  }

  private static String refused(String cause) {
    return "the coordinator acknowledged a backup with a receipt that can't be kept: "
        + cause
        + "; look for the snapshot with `holdfast snapshot ls`, and at the coordinator's log";
  }
}
