package io.holdfast.coordinator.catalog.rebuild;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import io.holdfast.proto.stored.v1.CheckpointFile;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import org.junit.jupiter.api.Test;

class CheckpointManifestTest {
  @Test
  void shouldReadAManifestOrRefuseIt() {
    CheckpointManifest manifest =
        CheckpointManifest.newBuilder()
            .setVersion(CheckpointReader.VERSION)
            .setSeq(7)
            .setCatalogDigest(ByteString.copyFrom(new byte[32]))
            .addFiles(
                CheckpointFile.newBuilder()
                    .setName("000012.sst")
                    .setSize(100)
                    .setSha256(ByteString.copyFrom(new byte[32])))
            .build();
    DecoderFuzz.of("checkpoint manifest", bytes -> CheckpointReader.parse(7, bytes))
        .original(manifest.toByteArray())
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION)
        .run();
  }
}
