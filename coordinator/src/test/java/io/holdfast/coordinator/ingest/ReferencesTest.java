package io.holdfast.coordinator.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.fuzz.DecoderFuzz;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static final int LIMIT = 4;

  private final List<ChunkRef> references =
      List.of(
          new ChunkRef(ChunkKind.DATA, ChunkId.of(new byte[32])),
          new ChunkRef(ChunkKind.PAGE, ChunkId.of(new byte[32])));

  @Test
  void shouldReadBackWhatItWrote() {
    assertEquals(references, References.parse(References.encode(references), LIMIT));
  }

  @Test
  void shouldTakeOneKeyForEachReferenceOrRefuse() {
    byte[] keys = new byte[64];
    keys[32] = 1;
    References.requireKeys(references, ByteString.copyFrom(keys));
    ChunkKey second = References.key(references, ByteString.copyFrom(keys), 1);
    assertEquals(ChunkKind.PAGE, second.kind());
    assertEquals(1, second.k().toByteArray()[0]);
    for (int wrong : new int[] {1, 63, 65, 96}) {
      HoldfastException refusal =
          assertThrows(
              HoldfastException.class,
              () -> References.requireKeys(references, ByteString.copyFrom(new byte[wrong])));
      assertEquals(ErrorCode.MALFORMED, refusal.code());
    }
  }

  @Test
  void shouldReadReferencesOrRefuseThem() {
    DecoderFuzz.of("references", bytes -> References.parse(ByteString.copyFrom(bytes), LIMIT))
        .original(References.encode(references).toByteArray())
        .original(new byte[33 * LIMIT + 33])
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.MESSAGE_TOO_LARGE)
        .run();
  }
}
