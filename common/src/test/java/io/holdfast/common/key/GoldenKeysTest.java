package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.FINGERPRINT;
import static io.holdfast.common.key.KeyFixture.HOST;
import static io.holdfast.common.key.KeyFixture.REPOSITORY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.SeededRandomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Keys at rest as version 1 wrote them. A file here is never changed: if this test fails, it is the
 * code that has to give way, or a new version to be decided on.
 */
class GoldenKeysTest {
  /** Writes the files of a new version into the directory {@code arguments[0]}. */
  static void main(String[] arguments) throws IOException {
    for (Map.Entry<String, byte[]> file : written().entrySet()) {
      Files.write(
          Path.of(arguments[0], file.getKey()), file.getValue(), StandardOpenOption.CREATE_NEW);
    }
  }

  private static Map<String, byte[]> written() {
    RepositoryKeys ring = KeyFixture.ring();
    MasterKey master = KeyFixture.master();
    HostRecoveryKey host = HostRecoveryKey.generate(HOST, new SeededRandomness(51));
    byte[] byPassphrase =
        master.wrap(
            REPOSITORY, 1, KeyFixture.passphrase(), Argon2Cost.DEFAULT, new SeededRandomness(52));
    Map<String, byte[]> files = new TreeMap<>();
    files.put("keys-master.1.passphrase", byPassphrase);
    files.put(
        "keys-master.1.service",
        master.wrap(REPOSITORY, 1, KeyFixture.service(), new SeededRandomness(53)));
    files.put("keys-ring.1", ring.seal(master, 1, new SeededRandomness(54)));
    files.put("keys-host", host.seal(REPOSITORY, master, new SeededRandomness(55)));
    files.put("key-grant", ring.grant(host.keyPair().publicKey()).encode().toByteArray());
    files.put(
        "sealed-box",
        SealedBox.seal(
            host.keyPair().publicKey(),
            ascii("holdfast v1 root"),
            ascii("aad"),
            ascii("a root's K"),
            new SeededRandomness(56)));
    files.put(
        "recovery-kit.txt",
        kitBlock(new RecoveryKit(REPOSITORY, FINGERPRINT, 1, byPassphrase))
            .getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /** The words above the block may change with the commands they name. */
  private static String kitBlock(RecoveryKit kit) {
    return kit.print().substring(kit.print().indexOf("-----BEGIN"));
  }

  @Test
  void writesEveryByteAsVersion1Did() throws IOException {
    for (Map.Entry<String, byte[]> file : written().entrySet()) {
      assertEquals(
          HexFormat.of().formatHex(Golden.read(file.getKey())),
          HexFormat.of().formatHex(file.getValue()),
          file.getKey());
    }
  }

  @Test
  void readsWhatVersion1Wrote() throws IOException {
    RecoveryKit kit =
        RecoveryKit.parse(new String(Golden.read("recovery-kit.txt"), StandardCharsets.UTF_8));
    assertArrayEquals(Golden.read("keys-master.1.passphrase"), kit.wrappedMaster());
    MasterKey.unwrap(REPOSITORY, 1, Golden.read("keys-master.1.service"), KeyFixture.service())
        .close();
    try (MasterKey master = kit.open(KeyFixture.passphrase());
        RepositoryKeys ring =
            RepositoryKeys.open(REPOSITORY, 1, Golden.read("keys-ring.1"), master);
        HostRecoveryKey host =
            HostRecoveryKey.open(REPOSITORY, HOST, Golden.read("keys-host"), master)) {
      assertTrue(ring.journalKey().sameAs(KeyFixture.ring().journalKey()));
      KeyGrant grant = KeyGrant.parse(Golden.read("key-grant"));
      assertEquals(host.keyPair().publicKey(), grant.recoveryPublicKey());
      Secret opened =
          SealedBox.open(
              host.keyPair(), ascii("holdfast v1 root"), ascii("aad"), Golden.read("sealed-box"));
      assertEquals("a root's K", new String(opened.toByteArray(), StandardCharsets.UTF_8));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
