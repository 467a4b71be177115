package io.holdfast.coordinator.ingest;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.rpc.FieldBytes;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.coordinator.pack.PackItem;
import io.holdfast.proto.wire.v1.Upload;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * Turns an upload into what a pack takes, or refuses it by name. What needs no key is checked:
 * lengths, CRC, header, and for a page that its uploader shows {@code own} of every reference. One
 * thread.
 */
final class UploadCheck {
  private static final int OWN_BYTES = 32;

  private final HostId host;
  private final SessionId session;
  private final MessageDigest sha256 = Digests.newSha256();

  UploadCheck(HostId host, SessionId session) {
    this.host = host;
    this.session = session;
  }

  PackItem check(Upload upload) {
    ChunkRef chunk = chunk(upload);
    ByteBuffer sealed = FieldBytes.of(upload.getSealed());
    checkCrc(chunk, sealed.duplicate(), upload.getCrc32C());
    SealedHeader header =
        SealedHeader.parse(
            chunk, sealed.array(), sealed.arrayOffset() + sealed.position(), sealed.remaining());
    if (header.plainLength() != upload.getPlainLength()) {
      throw refused(chunk, "its header says another length than the upload");
    }
    if (upload.getSha25616().size() != SealedHash.LENGTH) {
      throw refused(chunk, "its hash does not have 16 bytes");
    }
    checkPossession(chunk, header, upload);
    SealedHash hash = SealedHash.read(upload.getSha25616().toByteArray(), 0);
    return new PackItem(host, session, chunk, header, upload.getCrc32C(), hash, sealed);
  }

  private static ChunkRef chunk(Upload upload) {
    if (upload.getId().size() != 32) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "an upload's id does not have 32 bytes; update the agent");
    }
    return new ChunkRef(
        ChunkKind.of(upload.getKindValue()), ChunkId.of(upload.getId().toByteArray()));
  }

  private static void checkCrc(ChunkRef chunk, ByteBuffer sealed, int expected) {
    CRC32C crc = new CRC32C();
    crc.update(sealed);
    if ((int) crc.getValue() != expected) {
      throw new HoldfastException(
          ErrorCode.CHUNK_CORRUPT,
          "chunk " + chunk + " arrived damaged (CRC-32C differs); run the backup again");
    }
  }

  private void checkPossession(ChunkRef page, SealedHeader header, Upload upload) {
    byte[] owns = upload.getOwns().toByteArray();
    if (owns.length != header.referenceCount() * OWN_BYTES) {
      throw notShown(page);
    }
    for (int i = 0; i < header.referenceCount(); i++) {
      sha256.update(owns, i * OWN_BYTES, OWN_BYTES);
      if (!ChunkId.of(sha256.digest()).equals(header.reference(i).id())) {
        throw notShown(page);
      }
    }
  }

  private static HoldfastException notShown(ChunkRef page) {
    return new HoldfastException(
        ErrorCode.POSSESSION_NOT_SHOWN,
        "page " + page + " refers to a chunk that its uploader does not show to possess");
  }

  private static HoldfastException refused(ChunkRef chunk, String why) {
    return new HoldfastException(ErrorCode.MALFORMED, "chunk " + chunk + " is refused: " + why);
  }
}
