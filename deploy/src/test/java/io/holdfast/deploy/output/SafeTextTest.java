package io.holdfast.deploy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
  private static ByteString random(Random random) {
    byte[] bytes = new byte[random.nextInt(12)];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      return ByteString.copyFrom(bytes);
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; at++) {
      text.appendCodePoint(random.nextInt(0xd800));
    }
    return ByteString.copyFromUtf8(text.toString());
  }

  @Test
  void everyNameReadsBackAndPrintsNoControl() {
    long seed = 4_711;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      ByteString name = random(random);
      String shown = SafeText.of(name);
      assertEquals(name, SafeText.unescape(shown), "seed " + seed + ": " + shown);
      assertTrue(
          shown.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x202e),
          "seed " + seed);
    }
  }

  @Test
  void everyByteReadsBack() {
    for (int each = 0; each < 256; each++) {
      ByteString name = ByteString.copyFrom(new byte[] {(byte) each});
      assertEquals(name, SafeText.unescape(SafeText.of(name)));
    }
  }

  @Test
  void shouldLeaveOrdinaryNamesAlone() {
    String name = "d\u00e4ta \u6f22\u5b57 (1)*?'\".txt";
    assertEquals(name, SafeText.of(ByteString.copyFromUtf8(name)));
  }

  @Test
  void shouldEscapeWhatTerminalsObey() {
    assertEquals("\\x1b[2J\\x0a\\\\", SafeText.of(ByteString.copyFromUtf8("\u001b[2J\n\\")));
    assertEquals("\\xe2\\x80\\xaegpj", SafeText.of("\u202egpj"));
    assertEquals("\\xc3", SafeText.of(ByteString.fromHex("c3")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "a\\n", "\\x", "\\x1", "\\xzz", "\\X00"})
  void shouldRefuseWhatItNeverPrints(String text) {
    assertThrows(HoldfastException.class, () -> SafeText.unescape(text));
  }
}
