package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials as files, and their replacement while running. */
class PemFilesTest {
  @TempDir Path directory;
  private final Fleet fleet = new Fleet(4);

  private Path file(String name) {
    return directory.resolve(name);
  }

  @Test
  void shouldReadBackACredentialFromItsOneFile() throws Exception {
    CertifiedKey host = fleet.host();
    PemFiles.writeCredential(file("agent.pem"), host);
    CertifiedKey back = PemFiles.readCredential(file("agent.pem"), fleet.randomness);
    assertEquals(host.chain(), back.chain());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file("agent.pem"))));
  }

  @Test
  void shouldReadBackASigningKey() {
    SigningKey key = SigningKey.generate(fleet.randomness);
    PemFiles.writeSigningKey(file("signing.pem"), key);
    assertEquals(key.id(), PemFiles.readSigningKey(file("signing.pem"), fleet.randomness).id());
  }

  @Test
  void shouldReadBackPublicCertificatesAndRefuseAFileWithout() throws Exception {
    PemFiles.writeCertificates(file("root.pem"), fleet.host().chain());
    assertEquals(3, PemFiles.readCertificates(file("root.pem")).size());
    Files.writeString(file("empty.pem"), "nothing");
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> PemFiles.readCertificates(file("empty.pem")));
    assertCode(ErrorCode.KEY_UNAVAILABLE, () -> PemFiles.readCertificates(file("none.pem")));
  }

  @Test
  void shouldReadWhatOpensslWritesInItsOwnOrderAndWithText() {
    CertifiedKey host = fleet.host();
    PemFiles.writeCredential(file("agent.pem"), host);
    String text = read("agent.pem");
    int chain = text.indexOf("-----BEGIN CERTIFICATE");
    String turned = "Subject: CN=x\r\n" + text.substring(chain) + text.substring(0, chain);
    write("turned.pem", turned.replace("\n", "\r\n"));
    assertEquals(
        host.chain(), PemFiles.readCredential(file("turned.pem"), fleet.randomness).chain());
  }

  @Test
  void shouldSayHowToConvertAnOlderKey() {
    String sec1 = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
    write("old.pem", sec1);
    String message =
        assertCode(
                ErrorCode.MALFORMED,
                () -> PemFiles.readCredential(file("old.pem"), fleet.randomness))
            .getMessage();
    assertTrue(message.contains("openssl pkcs8 -topk8"), message);
  }

  @Test
  void shouldRefuseDamagedFilesWithoutQuotingThem() {
    PemFiles.writeCredential(file("agent.pem"), fleet.host());
    String good = read("agent.pem");
    String key = good.substring(28, 60);
    for (String bad :
        new String[] {
          good.substring(0, 100),
          good.replace(key, key.substring(0, 31) + "!"),
          good.replace(key, key.substring(0, 30) + "AA"),
          good + good,
          ""
        }) {
      write("bad.pem", bad);
      HoldfastException thrown =
          assertCode(
              ErrorCode.MALFORMED,
              () -> PemFiles.readCredential(file("bad.pem"), fleet.randomness));
      assertTrue(thrown.getMessage().contains("bad.pem"), thrown.getMessage());
      assertFalse(thrown.getMessage().contains(key.substring(0, 10)), thrown.getMessage());
    }
  }

  @Test
  void shouldRefuseAKeyBesideAnothersCertificate() {
    PemFiles.writeCredential(file("a.pem"), fleet.host());
    PemFiles.writeCredential(file("b.pem"), fleet.host());
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> PemFiles.readCredential(file("a.pem"), file("b.pem"), fleet.randomness));
  }

  @Test
  void shouldKeepTheOldCredentialWhenAReloadFails() {
    PemFiles.writeCredential(file("agent.pem"), fleet.host());
    ReloadableCredential credential =
        ReloadableCredential.open(
            () -> PemFiles.readCredential(file("agent.pem"), fleet.randomness));
    CertifiedKey first = credential.current();
    write("agent.pem", "damaged");
    assertCode(ErrorCode.MALFORMED, credential::reload);
    assertSame(first, credential.current());
    CertifiedKey next = fleet.host();
    PemFiles.writeCredential(file("agent.pem"), next);
    credential.reload();
    assertEquals(next.leaf(), credential.current().leaf());
  }

  @Test
  void shouldGiveKeyAndChainOfOneCredentialAcrossAReload() {
    CertifiedKey first = fleet.host();
    ReloadableCredential credential = ReloadableCredential.of(first);
    String alias = credential.keyManager().chooseEngineServerAlias("EC", null, null);
    CertifiedKey next = fleet.host();
    credential.replace(next);
    assertEquals(first.leaf(), credential.keyManager().getCertificateChain(alias)[0]);
    assertSame(first.privateKey(), credential.keyManager().getPrivateKey(alias));
    String newAlias = credential.keyManager().chooseEngineServerAlias("EC", null, null);
    assertSame(next.privateKey(), credential.keyManager().getPrivateKey(newAlias));
  }

  @Test
  void nothingThatPrintsHoldsAPrivateKey() {
    CertifiedKey host = fleet.host();
    String key = Base64.getEncoder().encodeToString(host.privateKey().getEncoded());
    for (Object printed :
        new Object[] {
          host,
          ReloadableCredential.of(host),
          fleet.authority,
          fleet.issuing,
          fleet.trust,
          SigningKey.of(host, fleet.randomness)
        }) {
      assertFalse(printed.toString().contains(key.substring(40, 60)), printed.toString());
      assertTrue(printed.toString().length() < 300, printed.toString());
    }
  }

  private String read(String name) {
    return new String(SecretFile.read(file(name)).toByteArray(), StandardCharsets.ISO_8859_1);
  }

  private void write(String name, String text) {
    SecretFile.write(file(name), text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
