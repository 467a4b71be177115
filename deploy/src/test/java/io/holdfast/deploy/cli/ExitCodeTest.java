package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.error.ErrorKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
  @ParameterizedTest
  @CsvSource({
    "RETRY, 11",
    "FENCED, 11",
    "INVALID, 2",
    "NOT_FOUND, 10",
    "UNAUTHENTICATED, 12",
    "DENIED, 12",
    "EXHAUSTED, 1",
    "CORRUPT, 1",
    "CONFLICT, 1",
    "INTERNAL, 1"
  })
  void shouldEndByKindOfError(ErrorKind kind, int code) {
    assertEquals(code, ExitCode.of(kind).number());
  }

  @Test
  void numbersAreDistinct() {
    long distinct = Arrays.stream(ExitCode.values()).map(ExitCode::number).distinct().count();
    assertEquals(ExitCode.values().length, distinct);
  }
}
