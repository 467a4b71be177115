package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.HOST;
import static io.holdfast.common.key.KeyFixture.REPOSITORY;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.seam.SeededRandomness;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Nothing secret in what prints: every value's text and every error's stack trace is searched. */
class CanaryTest {
  private static final String PASSPHRASE = "CANARY-7f31 quicksilver otter";

  private final List<byte[]> secrets = new ArrayList<>();
  private final List<String> printed = new ArrayList<>();

  @Test
  void nothingThatPrintsHoldsASecret() {
    printValues();
    printErrors();
    secrets.add(PASSPHRASE.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    for (String text : printed) {
      secrets.forEach(secret -> assertAbsent(secret, text));
    }
  }

  private void printValues() {
    RepositoryKeys ring = KeyFixture.ring();
    KeyGeneration generation = ring.generations().current();
    HostRecoveryKey recovery = HostRecoveryKey.generate(HOST, new SeededRandomness(8));
    KeyGrant grant = ring.grant(recovery.keyPair().publicKey());
    remember(generation.idRoot(), generation.gearSecret(), generation.mapKey());
    remember(generation.tagKey());
    remember(generation.idKey(ChunkKind.DATA), ring.journalKey(), recovery.keyPair().privateKey());
    remember(KeyFixture.service().key(), ring.issuingCa().get().privateKey());
    print(ring, generation, ring.generations(), recovery, recovery.keyPair(), grant);
    print(ring.issuingCa(), KeyFixture.master(), KeyFixture.service(), ring.journalKey());
    print(Passphrase.of(PASSPHRASE.toCharArray()));
  }

  private void printErrors() {
    byte[] wrap =
        KeyFixture.master()
            .wrap(
                REPOSITORY, 1, KeyFixture.passphrase(), KeyFixture.CHEAP, new SeededRandomness(9));
    Passphrase wrong = Passphrase.of(PASSPHRASE.toCharArray());
    trace(() -> MasterKey.unwrap(REPOSITORY, 1, wrap, wrong));
    trace(() -> MasterKey.unwrap(REPOSITORY, 1, wrap, KeyFixture.service()));
    byte[] grant = KeyFixture.ring().grant(KeyFixture.FINGERPRINT).encode().toByteArray();
    trace(() -> KeyGrant.parse(Arrays.copyOf(grant, grant.length - 7)));
    trace(() -> KeyFixture.ring().idKey(5, ChunkKind.PAGE));
    HostKeyPair pair = HostKeyPair.generate(new SeededRandomness(10));
    remember(pair.privateKey());
    trace(() -> SealedBox.open(pair, new byte[0], new byte[0], new byte[64]));
    Secret wiped = Secret.copyOf(grant);
    wiped.close();
    trace(wiped::toByteArray);
  }

  private void remember(Secret... more) {
    Arrays.stream(more).map(Secret::toByteArray).forEach(secrets::add);
  }

  private void print(Object... values) {
    Arrays.stream(values).map(String::valueOf).forEach(printed::add);
  }

  private void trace(org.junit.jupiter.api.function.Executable action) {
    StringWriter out = new StringWriter();
    assertThrows(RuntimeException.class, action).printStackTrace(new PrintWriter(out, true));
    printed.add(out.toString());
  }

  /** Looks for each run of eight bytes, in the forms in which bytes end up in text. */
  private static void assertAbsent(byte[] secret, String text) {
    String folded = text.toLowerCase(Locale.ROOT);
    for (int at = 0; at + 8 <= secret.length; at++) {
      byte[] run = Arrays.copyOfRange(secret, at, at + 8);
      assertFalse(folded.contains(HexFormat.of().formatHex(run)), text);
      assertFalse(text.contains(new String(run, java.nio.charset.StandardCharsets.UTF_8)), text);
      assertFalse(text.contains(Arrays.toString(run).substring(1, 20)), text);
    }
    String base64 = Base64.getEncoder().encodeToString(secret);
    assertFalse(text.contains(base64.substring(0, Math.min(10, base64.length()))), text);
  }
}
