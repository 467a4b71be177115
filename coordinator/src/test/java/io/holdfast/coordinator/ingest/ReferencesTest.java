package io.holdfast.coordinator.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
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
  void shouldReadReferencesOrRefuseThem() {
    DecoderFuzz.of("references", bytes -> References.parse(ByteString.copyFrom(bytes), LIMIT))
        .original(References.encode(references).toByteArray())
        .original(new byte[33 * LIMIT + 33])
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.MESSAGE_TOO_LARGE)
        .run();
  }
}
