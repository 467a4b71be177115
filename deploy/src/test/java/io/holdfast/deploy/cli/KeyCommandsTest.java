package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
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
}
