package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.seam.SeededRandomness;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens: one string there and back, refused however they were mangled, never printed. */
class EnrolmentTokenTest {
  private static final Fingerprint ROOT =
      new Fingerprint(Bytes32.of(new SeededRandomness(60).bytes(32)));
  private static final List<Endpoint> ADDRESSES =
      List.of(new Endpoint("backup.example.org", 7443), new Endpoint("2001:db8::7", 443));

  private static EnrolmentToken token() {
    return EnrolmentToken.generate(ADDRESSES, ROOT, new SeededRandomness(61));
  }

  @Test
  void shouldCarryEverythingThereAndBack() {
    EnrolmentToken back = EnrolmentToken.parse("  " + token().encode() + "\n");
    assertEquals(ADDRESSES, back.addresses());
    assertEquals(ROOT, back.root());
    assertTrue(back.secret().sameAs(token().secret()));
    assertEquals(EnrolmentToken.hashOf(token().secret().toByteArray()), back.secretHash());
  }

  @Test
  void shouldNoticeEveryMistypedCharacter() {
    String good = token().encode();
    for (int at = 0; at < good.length(); at++) {
      char typed = good.charAt(at) == 'A' ? 'B' : 'A';
      String bad = good.substring(0, at) + typed + good.substring(at + 1);
      assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse(bad));
    }
  }

  @Test
  void shouldNoticeEveryTruncationAndAddition() {
    String good = token().encode();
    for (int length = 0; length < good.length(); length++) {
      String cut = good.substring(0, length);
      assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse(cut));
    }
    assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse(good + "A"));
    assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse(good + good));
    assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse("hf1." + "A".repeat(9000)));
  }

  @Test
  void shouldNameBothVersionsOfATokenFromALaterRelease() {
    String later = token().encode().replace("hf1.", "hf2.");
    String message =
        assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse(later)).getMessage();
    assertTrue(message.contains("version 2") && message.contains("version 1"), message);
  }

  @Test
  void shouldNeverPrintTheSecret() {
    EnrolmentToken token = token();
    String hex = HexFormat.of().formatHex(token.secret().toByteArray());
    assertFalse(token.toString().contains(hex.substring(0, 16)), token.toString());
    String tail = token.encode().substring(47, 60);
    String broken = token.encode().substring(0, 70);
    String message =
        assertCode(ErrorCode.TOKEN_INVALID, () -> EnrolmentToken.parse(broken)).getMessage();
    assertFalse(message.contains(tail), message);
  }

  @Test
  void shouldRefuseTooFewAndTooManyAddresses() {
    assertCode(
        ErrorCode.INVALID_ARGUMENT, () -> new EnrolmentToken(List.of(), ROOT, token().secret()));
    List<Endpoint> seventeen = Collections.nCopies(17, ADDRESSES.getFirst());
    assertCode(
        ErrorCode.INVALID_ARGUMENT, () -> new EnrolmentToken(seventeen, ROOT, token().secret()));
  }

  @Test
  void shouldBeTypable() {
    String token = token().encode();
    assertTrue(token.matches("hf1\\.[A-Za-z0-9_-]+"), "not one word of plain characters");
    assertEquals(-1, token.indexOf('='));
    assertTrue(Base64.getUrlDecoder().decode(token.substring(4)).length < 128);
  }

  @Test
  void shouldReadAddressesAsPeopleWriteThem() {
    assertEquals(new Endpoint("a.example", 7443), Endpoint.parse("a.example"));
    assertEquals(new Endpoint("10.0.0.1", 80), Endpoint.parse("10.0.0.1:80"));
    assertEquals(new Endpoint("::1", 7443), Endpoint.parse("[::1]"));
    assertEquals(new Endpoint("fe80::1", 1), Endpoint.parse("[fe80::1]:1"));
    assertEquals("[fe80::1]:1", Endpoint.parse("[fe80::1]:1").toString());
    for (String bad :
        List.of("", ":1", "a:b", "a:0", "a:65536", "fe80::1", "a b", "https://a", "[a", "a:1:2")) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> Endpoint.parse(bad));
    }
  }
}
