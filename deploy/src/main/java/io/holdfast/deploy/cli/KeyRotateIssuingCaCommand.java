package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "issuing-ca",
    description = {
      "Give the coordinator a new issuing CA, signed here with the fleet root's key. That key stays"
          + " on this machine, the CA's stays with the coordinator.",
      "The coordinator's own certificates are renewed at once, those of hosts when they are due;"
          + " what the old CA issued stays good until it expires."
    })
final class KeyRotateIssuingCaCommand extends AdminCommand {
  @Option(
      names = "--root-key",
      required = true,
      paramLabel = "FILE",
      description =
          "The fleet root's key with its certificate: fleet-root.pem, which `holdfast init` left in"
              + " the coordinator's data directory.")
  private Path rootKey;

  KeyRotateIssuingCaCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    InputFile.check("root's key", rootKey);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    Randomness randomness = Randomness.secure();
    Time time = shell().time();
    FleetAuthority root =
        FleetAuthority.of(PemFiles.readCredential(rootKey, randomness), time, randomness);
    RequestIssuingCaAnswer asked = link.keys().requestIssuingCa();
    requireRoot(root, asked);
    CertificateRequest request =
        CertificateRequest.verify(asked.getCertificateRequest().toByteArray());
    String name = "of " + LocalDate.ofInstant(time.now(), ZoneOffset.UTC);
    InstallIssuingCaAnswer installed =
        link.keys().installIssuingCa(Certificates.encodeChain(root.certify(request, name)));
    output.result(
        "key_rotated",
        new Fields()
            .text("ring", installed.getRing())
            .time("expires", installed.getExpiresMillis())
            .text("former", asked.getPresentName())
            .time("former_expires", asked.getPresentExpiresMillis()));
    return ExitCode.OK;
  }

  private void requireRoot(FleetAuthority root, RequestIssuingCaAnswer asked) {
    boolean isSame =
        Arrays.equals(
            root.fingerprint().value().toByteArray(), asked.getRootSha256().toByteArray());
    if (!isSame) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          rootKey
              + " holds the root with SHA-256 "
              + root.fingerprint()
              + ", and the coordinator's fleet has another one; take the key of that fleet");
    }
  }
}
