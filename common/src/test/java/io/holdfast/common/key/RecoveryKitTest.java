package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.FINGERPRINT;
import static io.holdfast.common.key.KeyFixture.REPOSITORY;
import static io.holdfast.common.key.KeyFixture.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.seam.SeededRandomness;
import org.junit.jupiter.api.Test;

/** The printed kit: printed, read back however it was typed, refused where it was mistyped. */
class RecoveryKitTest {
  private static RecoveryKit kit() {
    byte[] wrap =
        KeyFixture.master()
            .wrap(
                REPOSITORY, 4, KeyFixture.passphrase(), KeyFixture.CHEAP, new SeededRandomness(31));
    return new RecoveryKit(REPOSITORY, FINGERPRINT, 4, wrap);
  }

  @Test
  void shouldReadBackWhatItPrinted() {
    RecoveryKit back = RecoveryKit.parse(kit().print());
    assertEquals(REPOSITORY, back.repository());
    assertEquals(FINGERPRINT, back.fleetRootFingerprint());
    assertEquals(4, back.masterNumber());
    assertArrayEquals(kit().wrappedMaster(), back.wrappedMaster());
    try (MasterKey master = back.open(KeyFixture.passphrase());
        RepositoryKeys ring = KeyFixture.ring()) {
      byte[] sealed = ring.seal(KeyFixture.master(), 1, new SeededRandomness(32));
      RepositoryKeys.open(REPOSITORY, 1, sealed, master).close();
    }
  }

  @Test
  void shouldReadAKitWithIndentsBlankLinesAndDosLineEnds() {
    String retyped = kit().print().replace("\n", "\r\n\r\n   ");
    assertArrayEquals(kit().wrappedMaster(), RecoveryKit.parse(retyped).wrappedMaster());
  }

  @Test
  void shouldFitALineOfPaper() {
    assertTrue(kit().print().lines().allMatch(line -> line.length() <= 100));
  }

  @Test
  void shouldNoticeEveryMistypedCharacterOfTheBlock() {
    String text = kit().print();
    int begin = text.indexOf("Repository:");
    int end = text.indexOf("-----END");
    for (int i = begin; i < end; i++) {
      char typed = text.charAt(i);
      if (Character.isLetterOrDigit(typed)) {
        String bad = text.substring(0, i) + (typed == 'b' ? 'd' : 'b') + text.substring(i + 1);
        assertCode(ErrorCode.MALFORMED, () -> RecoveryKit.parse(bad));
      }
    }
  }

  @Test
  void shouldNoticeAMissingLine() {
    String[] lines = kit().print().split("\n", -1);
    for (int skipped = 0; skipped < lines.length; skipped++) {
      if (lines[skipped].matches("-----.*|[A-Z][A-Za-z0-9-]+: .*")) {
        StringBuilder rest = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
          rest.append(i == skipped ? "" : lines[i] + "\n");
        }
        assertCode(ErrorCode.MALFORMED, () -> RecoveryKit.parse(rest.toString()));
      }
    }
  }

  @Test
  void shouldNameBothVersionsOfAKitFromALaterRelease() {
    String later = kit().print().replace("Version: 1", "Version: 2");
    String message =
        assertCode(ErrorCode.UNKNOWN_VERSION, () -> RecoveryKit.parse(later)).getMessage();
    assertTrue(message.contains("version 2") && message.contains("version 1"), message);
  }

  @Test
  void shouldSayThatAKitsPassphraseIsWrong() {
    assertCode(ErrorCode.PASSPHRASE_WRONG, () -> kit().open(KeyFixture.otherPassphrase()));
  }
}
