package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Garbage for everything that reads the journal and what is remembered of it. */
class JournalDecodersTest {
  private static final int HEAD_CHECKED_BYTES = 80;

  private final Verdict.Valid genesis = TestFleet.genesis();
  private final Verdict.Valid carried =
      TestFleet.drafter(0, 0).carry(genesis.after(), List.of(TestFleet.mutation("a change")));

  @Test
  void records() {
    DecoderFuzz.of("journal record", bytes -> RecordCodec.parse(1, ByteString.copyFrom(bytes)))
        .original(genesis.record().bytes().toByteArray())
        .original(carried.record().bytes().toByteArray())
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION, ErrorCode.LIMIT_EXCEEDED)
        .run();
  }

  /** Whatever lies in a slot is judged, never thrown. */
  @Test
  void slots() {
    Replay replay = new Replay(TestFleet.VERIFIER);
    JournalState start = JournalState.beforeGenesis(TestFleet.ANCHOR);
    DecoderFuzz.of(
            "journal slot",
            bytes -> {
              var _ = replay.judge(start, ByteString.copyFrom(bytes));
              var _ = replay.judge(genesis.after(), ByteString.copyFrom(bytes));
            })
        .original(genesis.record().bytes().toByteArray())
        .original(carried.record().bytes().toByteArray())
        .run();
  }

  @Test
  void states() {
    DecoderFuzz.of("journal state", bytes -> JournalStateCodec.parse(TestFleet.ANCHOR, bytes))
        .original(JournalStateCodec.encode(carried.after()))
        .mayThrow(ErrorCode.CATALOG_DAMAGED, ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION)
        .run();
  }

  @Test
  void headMemories() {
    DecoderFuzz.of("head memory", bytes -> HeadMemory.parse(Path.of("journal-head"), bytes))
        .original(HeadMemory.encode(JournalMark.of(carried.after().mustHead())))
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION)
        .repairedBy(JournalDecodersTest::summed)
        .run();
  }

  private static byte[] summed(byte[] bytes) {
    if (bytes.length >= HEAD_CHECKED_BYTES + 4) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, HEAD_CHECKED_BYTES);
      ByteBuffer.wrap(bytes).putInt(HEAD_CHECKED_BYTES, (int) crc.getValue());
    }
    return bytes;
  }
}
