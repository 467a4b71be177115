package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.CHEAP;
import static io.holdfast.common.key.KeyFixture.OTHER;
import static io.holdfast.common.key.KeyFixture.REPOSITORY;
import static io.holdfast.common.key.KeyFixture.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.SeededRandomness;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The wrap format: round trips, wrong keys, swapped places, damage of every byte, hostile costs.
 */
class WrapTest {
  private static final KeyObject OBJECT = KeyObject.masterUnderPassphrase(REPOSITORY, 1);
  private static final KeyObject SERVICE_OBJECT = KeyObject.masterUnderService(REPOSITORY, 1);
  private static final byte[] CONTENT = {1, 2, 3, 4, 5};

  private final Randomness randomness = new SeededRandomness(7);

  private byte[] wrapped() {
    return Wrap.seal(OBJECT, Secret.copyOf(CONTENT), KeyFixture.passphrase(), CHEAP, randomness);
  }

  private byte[] wrappedForService() {
    return Wrap.seal(SERVICE_OBJECT, Secret.copyOf(CONTENT), KeyFixture.service(), randomness);
  }

  @Test
  void shouldOpenWithThePassphraseItWasSealedUnder() {
    Secret opened = Wrap.open(OBJECT, wrapped(), KeyFixture.passphrase());
    assertArrayEquals(CONTENT, opened.toByteArray());
  }

  @Test
  void shouldOpenWithTheServiceKeyItWasSealedUnder() {
    Secret opened = Wrap.open(SERVICE_OBJECT, wrappedForService(), KeyFixture.service());
    assertArrayEquals(CONTENT, opened.toByteArray());
  }

  @Test
  void shouldNeverMakeTheSameWrapTwice() {
    assertTrue(!Arrays.equals(wrapped(), wrapped()));
  }

  @Test
  void shouldSayThatThePassphraseIsWrong() {
    HoldfastException thrown =
        assertCode(
            ErrorCode.PASSPHRASE_WRONG,
            () -> Wrap.open(OBJECT, wrapped(), KeyFixture.otherPassphrase()));
    assertTrue(thrown.getMessage().contains("keys/master.1.passphrase"), thrown.getMessage());
  }

  @Test
  void shouldNameBothKeysWhenTheKeyFileIsAnother() {
    ServiceKey another = ServiceKey.generate(new SeededRandomness(99));
    HoldfastException thrown =
        assertCode(
            ErrorCode.KEY_UNAVAILABLE,
            () -> Wrap.open(SERVICE_OBJECT, wrappedForService(), another));
    assertTrue(
        thrown.getMessage().matches(".*id [0-9a-f]{32}, not .* id [0-9a-f]{32}"),
        thrown.getMessage());
  }

  @Test
  void shouldRefuseAWrapServedUnderAnotherNameOrInAnotherRepository() {
    KeyObject otherNumber = KeyObject.masterUnderService(REPOSITORY, 2);
    KeyObject otherRepository = KeyObject.masterUnderService(OTHER, 1);
    byte[] wrap = wrappedForService();
    assertCode(ErrorCode.MALFORMED, () -> Wrap.open(otherNumber, wrap, KeyFixture.service()));
    assertCode(ErrorCode.MALFORMED, () -> Wrap.open(otherRepository, wrap, KeyFixture.service()));
  }

  @Test
  void shouldSayWithWhatAWrapIsOpenedIfNotWithThis() {
    HoldfastException thrown =
        assertCode(
            ErrorCode.KEY_UNAVAILABLE, () -> Wrap.open(OBJECT, wrapped(), KeyFixture.service()));
    assertTrue(thrown.getMessage().contains("a recovery passphrase"), thrown.getMessage());
  }

  @Test
  void shouldRefuseAShortPassphraseForANewWrap() {
    Passphrase tooShort = Passphrase.of("elevenchars".toCharArray());
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> Wrap.seal(OBJECT, Secret.copyOf(CONTENT), tooShort, CHEAP, randomness));
  }

  @Test
  void shouldNoticeEveryFlippedBit() {
    byte[] good = wrappedForService();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(bad, "bit " + bit);
    }
  }

  @Test
  void shouldNoticeEveryFlippedBitEvenUnderAFreshChecksum() {
    byte[] good = wrappedForService();
    for (int bit = 0; bit < (good.length - 4) * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(withChecksum(bad), "bit " + bit);
    }
  }

  @Test
  void shouldNoticeEveryTruncation() {
    byte[] good = wrappedForService();
    for (int length = 0; length < good.length; length++) {
      assertRefused(Arrays.copyOf(good, length), "length " + length);
    }
    assertRefused(Arrays.copyOf(good, good.length + 1), "one byte more");
  }

  private static void assertRefused(byte[] bad, String what) {
    Set<ErrorCode> expected =
        EnumSet.of(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION, ErrorCode.KEY_UNAVAILABLE);
    HoldfastException thrown =
        assertThrows(
            HoldfastException.class,
            () -> Wrap.open(SERVICE_OBJECT, bad, KeyFixture.service()),
            what);
    assertTrue(expected.contains(thrown.code()), what + ": " + thrown);
  }

  @Test
  void shouldNameBothVersionsWhenOneIsUnknown() {
    byte[] later = wrapped();
    ByteBuffer.wrap(later).putShort(4, (short) 7);
    HoldfastException thrown =
        assertCode(
            ErrorCode.UNKNOWN_VERSION, () -> Wrap.open(OBJECT, later, KeyFixture.passphrase()));
    assertTrue(thrown.getMessage().contains("version 7"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("reads version 1"), thrown.getMessage());
  }

  /** Memory in KiB, iterations, lanes: each beyond what is accepted, none of it ever allocated. */
  @ParameterizedTest
  @CsvSource({"104857600,3,1", "-1,3,1", "65536,1000000,1", "65536,3,1000", "65536,0,1", "8,1,2"})
  void shouldRefuseToPayWhatAHostileWrapDemands(int memoryKib, int iterations, int lanes) {
    byte[] hostile = wrapped();
    ByteBuffer.wrap(hostile).putInt(12, memoryKib).putInt(16, iterations).putInt(20, lanes);
    assertCode(
        ErrorCode.LIMIT_EXCEEDED,
        () -> Wrap.open(OBJECT, withChecksum(hostile), KeyFixture.passphrase()));
  }

  @Test
  void shouldRefuseContentBeyondItsBound() {
    Secret large = Secret.take(new byte[1 << 20]);
    assertCode(
        ErrorCode.LIMIT_EXCEEDED,
        () -> Wrap.seal(SERVICE_OBJECT, large, KeyFixture.service(), randomness));
  }

  @Test
  void shouldTellHowAWrapIsOpened() {
    assertEquals(Wrap.Method.PASSPHRASE, Wrap.methodOf(OBJECT, wrapped()));
    assertEquals(Wrap.Method.SERVICE_KEY, Wrap.methodOf(SERVICE_OBJECT, wrappedForService()));
  }

  private static byte[] withChecksum(byte[] wrap) {
    CRC32C crc = new CRC32C();
    crc.update(wrap, 0, wrap.length - 4);
    ByteBuffer.wrap(wrap).putInt(wrap.length - 4, (int) crc.getValue());
    return wrap;
  }
}
