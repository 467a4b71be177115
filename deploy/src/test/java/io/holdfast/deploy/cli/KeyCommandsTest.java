package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.HostWithoutRoot;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.InstallRootRequest;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import io.holdfast.proto.wire.v1.RetireRootRequest;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.RotateIdsRequest;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.RotateMasterRequest;
import io.holdfast.proto.wire.v1.StatusAnswer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest extends CommandLineFixture {
  private static final ByteString ID = ByteString.fromHex("0102030405060708090a0b0c0d0e0f10");

  @TempDir Path keys;

  private final Randomness randomness = Randomness.secure();
  private final FleetAuthority root =
      FleetAuthority.create(FleetId.of(new byte[16]), Time.system(), randomness);
  private final SigningKey ca = SigningKey.generate(randomness);

  @Test
  void shouldEraseAHostWithTheWordsForIt() {
    admin()
        .script(
            EraseHostAnswer.newBuilder()
                .setHost(ID)
                .setName("web")
                .setSnapshots(3)
                .setErasedMillis(1_700_000_000_000L)
                .build());
    assertTrue(runWell("host", "erase", "web", "--yes", "erase web").contains("snapshots  3"));
    EraseHostRequest sent = admin().request(EraseHostRequest.class);
    assertEquals("web", sent.getHost());
    assertEquals("erase web", sent.getConfirmation());
  }

  @Test
  void shouldBeginAKeyGeneration() {
    admin().script(RotateIdsAnswer.newBuilder().setGeneration(2).setRing("keys/ring.2").build());
    assertEquals("generation  2\nring        keys/ring.2\n", runWell("key", "rotate", "ids"));
  }

  @Test
  void shouldLetOneHostOfAPrivateRepositoryBeginAnew() {
    admin().script(RotateIdsAnswer.newBuilder().setHost(ID).setName("web").setNewHost(ID).build());
    assertTrue(runWell("key", "rotate", "ids", "web").contains("web"));
    assertEquals("web", admin().request(RotateIdsRequest.class).getHost());
    admin().script(RotateIdsAnswer.newBuilder().setHost(ID).setName("web").build());
    assertEquals(ExitCode.TRY_AGAIN.number(), run("key", "rotate", "ids", "web").code());
  }

  @Test
  void shouldVouchForAPrivateRepositorysRecoveryKeyByTheNewRoot() {
    RepositoryId repository = RepositoryId.of(new byte[16]);
    Bytes32 recovery = HostKeyPair.generate(randomness).publicKey();
    FleetAuthority other =
        FleetAuthority.create(FleetId.of(new byte[16]), Time.system(), randomness);
    String present = rootKey(root).toString();
    Path next = keys.resolve("next.pem");
    admin().script(InstallRootAnswer.newBuilder().setRing("keys/ring.2").build());
    scriptRecovery(repository, recovery, other); // a coordinator's own
    String[] command = {
      "key", "rotate", "root", "--root-key", present, "--new-root-key", next.toString()
    };
    assertEquals(1, run(command).code());
    scriptRecovery(repository, recovery, root);
    runWell(command);
    PrivateRepository.check(
        repository,
        CertifiedRecoveryKey.parse(
            admin().request(InstallRootRequest.class).getRepositoryRecovery().toByteArray()),
        PemFiles.readCredential(next, randomness).leaf());
  }

  private void scriptRecovery(RepositoryId repository, Bytes32 key, FleetAuthority vouching) {
    admin()
        .script(
            RequestIssuingCaAnswer.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(ca, randomness)))
                .setRootSha256(ByteString.copyFrom(root.fingerprint().value().toByteArray()))
                .setRepository(ByteString.copyFrom(repository.toByteArray()))
                .setRepositoryRecovery(
                    ByteString.copyFrom(
                        PrivateRepository.certify(repository, key, vouching.key(), randomness)
                            .encode()))
                .build());
  }

  private Path rootKey(FleetAuthority authority) {
    Path file = keys.resolve("root.pem");
    PemFiles.writeCredential(file, authority.key());
    return file;
  }

  private void scriptRequest() {
    admin()
        .script(
            RequestIssuingCaAnswer.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(ca, randomness)))
                .setPresentName("CN=Holdfast issuing CA main")
                .setRootSha256(ByteString.copyFrom(root.fingerprint().value().toByteArray()))
                .build());
    admin().script(InstallIssuingCaAnswer.newBuilder().setRing("keys/ring.2").build());
  }

  @Test
  void shouldSignANewIssuingCaWithTheRootsKeyHere() {
    scriptRequest();
    runWell("key", "rotate", "issuing-ca", "--root-key", rootKey(root).toString());
    List<X509Certificate> chain =
        Certificates.parseChain(
            admin().request(InstallIssuingCaRequest.class).getCertificatesList().stream()
                .map(ByteString::toByteArray)
                .toList());
    IssuingAuthority made =
        IssuingAuthority.certified(ca, chain, root.certificate(), Time.system(), randomness);
    assertArrayEquals(Certificates.encode(root.certificate()), Certificates.encode(made.root()));
  }

  @Test
  void shouldSignNothingForAnotherFleet() {
    scriptRequest();
    FleetAuthority other =
        FleetAuthority.create(FleetId.of(new byte[16]), Time.system(), randomness);
    assertEquals(
        12, run("key", "rotate", "issuing-ca", "--root-key", rootKey(other).toString()).code());
    assertEquals(
        10,
        run("key", "rotate", "issuing-ca", "--root-key", keys.resolve("none").toString()).code());
  }

  @Test
  void shouldIntroduceANewRootByTheKeyOfTheOldOneHere() {
    admin()
        .script(
            RequestIssuingCaAnswer.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(ca, randomness)))
                .setRootSha256(ByteString.copyFrom(root.fingerprint().value().toByteArray()))
                .build());
    admin().script(InstallRootAnswer.newBuilder().setRing("keys/ring.2").build());
    Path next = keys.resolve("next.pem");
    String present = rootKey(root).toString();
    runWell("key", "rotate", "root", "--root-key", present, "--new-root-key", next.toString());
    InstallRootRequest sent = admin().request(InstallRootRequest.class);
    FleetAuthority made =
        FleetAuthority.of(PemFiles.readCredential(next, randomness), Time.system(), randomness);
    assertEquals(root.fleet(), made.fleet());
    assertArrayEquals(Certificates.encode(made.certificate()), sent.getRoot().toByteArray());
    RootLine.requireSuccession(
        root.certificate(), made.certificate(), Certificates.parse(sent.getLink().toByteArray()));
    IssuingAuthority.certified(
        ca,
        List.of(Certificates.parse(sent.getIssuingCa().toByteArray()), made.certificate()),
        made.certificate(),
        Time.system(),
        randomness);
    admin() // broken off, and run again: the coordinator has it
        .script(
            RequestIssuingCaAnswer.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(ca, randomness)))
                .setRootSha256(ByteString.copyFrom(made.fingerprint().value().toByteArray()))
                .build());
    runWell("key", "rotate", "root", "--root-key", present, "--new-root-key", next.toString());
  }

  @Test
  void shouldSayWhatGoesWithWhatWhenARootIsRotated() {
    assertEquals(2, run("key", "rotate", "root").code());
    assertEquals(2, run("key", "rotate", "root", "--force").code());
    assertEquals(
        2, run("key", "rotate", "root", "--retire", "--root-key", rootKey(root).toString()).code());
  }

  @Test
  void shouldRetireARootAndNameThoseLeftBehind() {
    admin()
        .script(
            RetireRootAnswer.newBuilder()
                .addRetiredSha256(ByteString.copyFrom(new byte[32]))
                .addLeftBehind(HostWithoutRoot.newBuilder().setHost(ID).setName("web"))
                .setHostsLeftBehind(1)
                .build());
    assertTrue(runWell("key", "rotate", "root", "--retire", "--force").contains("web"));
    assertTrue(admin().request(RetireRootRequest.class).getForce());
  }

  @Test
  void shouldWriteTheKitOfANewMasterKey() throws Exception {
    Path words = keys.resolve("words");
    SecretFile.write(words, "some new random words\n".getBytes(StandardCharsets.UTF_8));
    Path kit = keys.resolve("kit.txt");
    admin().script(StatusAnswer.getDefaultInstance());
    admin().script(RotateMasterAnswer.newBuilder().setNumber(2).setHosts(3).setKit("kit").build());
    runWell(
        "key", "rotate", "master", "--out", kit.toString(), "--passphrase-file", words.toString());
    assertEquals(
        "some new random words",
        admin().request(RotateMasterRequest.class).getPassphrase().toStringUtf8());
    assertEquals("kit", Files.readString(kit).strip());
  }

  @Test
  void shouldSayWhatAPrivateRepositoryNeedsForANewMasterKeyAndASharedOneDoesNot() {
    Path kit = keys.resolve("kit.txt");
    admin().script(StatusAnswer.newBuilder().setPrivateRepository(true).build());
    assertEquals(2, run("key", "rotate", "master", "--out", kit.toString()).code());
    admin().script(StatusAnswer.getDefaultInstance());
    String rootKey = rootKey(root).toString();
    assertEquals(
        2, run("key", "rotate", "master", "--out", kit.toString(), "--root-key", rootKey).code());
    assertFalse(Files.exists(kit));
  }
}
