package io.holdfast.agent.walk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Garbage for lines of patterns, which come with orders. */
class FilterLinesTest {
  @Test
  void shouldReadLinesOrRefuseThem() {
    DecoderFuzz.of(
            "filter lines",
            bytes -> PathFilter.parse(List.of(new String(bytes, ISO_8859_1).split("\n", -1))))
        .original("*.log\n!keep.log\n/build/\n**/x[a-c]?\n\\#odd\n".getBytes(ISO_8859_1))
        .original("[!".getBytes(ISO_8859_1))
        .mayThrow(ErrorCode.INVALID_ARGUMENT)
        .run();
  }
}
