package io.holdfast.common.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "17 B, 17",
    "1KiB, 1024",
    "1.5 KiB, 1536",
    "64 mib, 67108864",
    "64M, 67108864",
    "2 GB, 2000000000",
    "1kB, 1000",
    "3.2 TiB, invalid",
    "7 EiB, 8070450532247928832",
    "8 EiB, invalid"
  })
  void shouldParseNumberAndUnit(String text, String bytes) {
    if (bytes.equals("invalid")) {
      assertThrows(HoldfastException.class, () -> DataSize.parse(text));
    } else {
      assertEquals(Long.parseLong(bytes), DataSize.parse(text).bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "MiB", "1 parsec", "1.2.3 MiB", "0.3 B", "1e9", "1 MiB/s"})
  void shouldRefuseWhatIsNoSizeAndShowOne(String text) {
    HoldfastException error = assertThrows(HoldfastException.class, () -> DataSize.parse(text));
    assertEquals(ErrorCode.INVALID_ARGUMENT, error.code());
    assertTrue(error.getMessage().contains("\"" + text + "\""), error.getMessage());
    assertTrue(error.getMessage().contains("64 MiB"), error.getMessage());
  }

  @Test
  void exactFormReadsBack() {
    long seed = 20_261_123;
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      DataSize size = new DataSize(random.nextLong() >>> (1 + random.nextInt(63)));
      assertEquals(size, DataSize.parse(size.exact()), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 KiB",
    "1024, 1.0 KiB",
    "10188, 9.9 KiB",
    "10189, 10 KiB",
    "671088640, 640 MiB",
    "1072693248, 1.0 GiB",
    "3435973837, 3.2 GiB",
    "9223372036854775807, 8.0 EiB"
  })
  void shouldRoundForPeople(long bytes, String text) {
    assertEquals(text, new DataSize(bytes).toString());
  }

  @ParameterizedTest
  @CsvSource({"20 MiB/s, 20971520", "unlimited, 0", "5kB/s, 5000"})
  void shouldParseRate(String text, long bytesPerSecond) {
    DataRate rate = DataRate.parse(text);
    assertEquals(bytesPerSecond, rate.bytesPerSecond());
    assertEquals(rate, DataRate.parse(rate.exact()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"20 MiB", "0 B/s", "fast", "/s", "-1 B/s"})
  void shouldRefuseWhatIsNoRate(String text) {
    assertThrows(HoldfastException.class, () -> DataRate.parse(text));
  }
}
