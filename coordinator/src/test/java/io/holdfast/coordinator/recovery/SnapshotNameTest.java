package io.holdfast.coordinator.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import org.junit.jupiter.api.Test;

class SnapshotNameTest {
  @Test
  void shouldReadANameOrRefuseIt() {
    DecoderFuzz.of("snapshot name", bytes -> SnapshotName.parse(new String(bytes, UTF_8)))
        .original("latest".getBytes(UTF_8))
        .original("latest:alpha".getBytes(UTF_8))
        .original("alpha@2026-03-01T12:00".getBytes(UTF_8))
        .original("0123456789abcdef".getBytes(UTF_8))
        .mayThrow(ErrorCode.INVALID_ARGUMENT)
        .mayThrow(ErrorCode.SNAPSHOT_NOT_FOUND)
        .run();
  }
}
