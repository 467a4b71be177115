package io.holdfast.common.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.seam.SeededRandomness;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HKDF against RFC 5869, appendix A, and its two implementations against each other. */
class HkdfTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest
  @CsvSource({
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,000102030405060708090a0b0c,"
        + "f0f1f2f3f4f5f6f7f8f9,42,"
        + "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5,"
        + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,'','',42,"
        + "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04,"
        + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
  })
  void agreesWithTheRfc(
      String inputKey, String salt, String info, int length, String prk, String output) {
    byte[] extracted = Hkdf.extract(HEX.parseHex(salt), HEX.parseHex(inputKey));
    assertEquals(prk, HEX.formatHex(extracted));
    assertEquals(output, HEX.formatHex(Hkdf.expand(extracted, HEX.parseHex(info), length)));
  }

  @Test
  void agreesWithTheLongVectorOfTheRfc() {
    byte[] prk = Hkdf.extract(run(0x60, 80), run(0x00, 80));
    assertEquals(
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244", HEX.formatHex(prk));
    assertEquals(
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
            + "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        HEX.formatHex(Hkdf.expand(prk, run(0xb0, 80), 82)));
  }

  @Test
  void oneBlockOverAKeptMacEqualsTheGeneralForm() {
    Hkdf.Expander expander = new Hkdf.Expander();
    SeededRandomness randomness = new SeededRandomness(5);
    for (int i = 0; i < 50; i++) {
      byte[] prk = randomness.bytes(32);
      byte[] info = randomness.bytes(i);
      byte[] out = new byte[40];
      expander.expand(prk, info, out, 8);
      assertArrayEquals(Hkdf.expand(prk, info, 32), Arrays.copyOfRange(out, 8, 40));
    }
  }

  private static byte[] run(int first, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      out[i] = (byte) (first + i);
    }
    return out;
  }
}
