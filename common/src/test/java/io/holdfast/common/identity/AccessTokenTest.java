package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.seam.SeededRandomness;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** One string there and back, refused however it was mangled, never printed. */
class AccessTokenTest {
  private static final Fingerprint ROOT =
      new Fingerprint(Bytes32.of(new SeededRandomness(70).bytes(32)));

  private static AccessToken token() {
    return AccessToken.generate(ROOT, new SeededRandomness(71));
  }

  @Test
  void shouldCarryEverythingThereAndBack() {
    AccessToken back = AccessToken.parse("  " + token().encode() + "\n");
    assertEquals(ROOT, back.root());
    assertTrue(back.secret().sameAs(token().secret()));
    assertEquals(Digests.sha256(token().secret().toByteArray()), back.id());
  }

  @Test
  void shouldNoticeEveryMistypedCharacter() {
    String good = token().encode();
    for (int at = 0; at < good.length(); at++) {
      char typed = good.charAt(at) == 'A' ? 'Q' : 'A';
      String bad = good.substring(0, at) + typed + good.substring(at + 1);
      assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> AccessToken.parse(bad));
    }
  }

  @Test
  void shouldNoticeEveryTruncationAndAddition() {
    String good = token().encode();
    for (int length = 0; length < good.length(); length++) {
      String cut = good.substring(0, length);
      assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> AccessToken.parse(cut));
    }
    assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> AccessToken.parse(good + "A"));
  }

  @Test
  void shouldTellTokensOfHostsAndOfLaterReleasesApart() {
    assertTrue(whyNot("hf1.AAAA").contains("lets a host enrol"));
    assertTrue(whyNot("hfa2.AAAA").contains("version 2"));
  }

  private static String whyNot(String text) {
    return Assertions.assertThrows(HoldfastException.class, () -> AccessToken.parse(text))
        .getMessage();
  }

  @Test
  void shouldNeverPrintTheSecret() {
    AccessToken token = token();
    String secret = token.encode().substring(50);
    for (String printed : List.of(token.toString(), token.secret().toString())) {
      assertFalse(printed.contains(secret), printed);
    }
  }
}
