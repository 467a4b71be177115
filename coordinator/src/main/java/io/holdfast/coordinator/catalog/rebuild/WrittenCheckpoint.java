package io.holdfast.coordinator.catalog.rebuild;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import io.holdfast.proto.stored.v1.CheckpointWritten;

/**
 * A checkpoint whose objects all stand in the vault. It counts only once a record names it.
 *
 * @param manifestSha256 hash of the manifest object
 */
public record WrittenCheckpoint(CheckpointManifest manifest, Bytes32 manifestSha256) {
  /** The mutation that makes it count. */
  public CheckpointWritten toChange() {
    return CheckpointWritten.newBuilder()
        .setSeq(manifest.getSeq())
        .setManifestSha256(ByteString.copyFrom(manifestSha256.toByteArray()))
        .setCatalogDigest(manifest.getCatalogDigest())
        .build();
  }
}
