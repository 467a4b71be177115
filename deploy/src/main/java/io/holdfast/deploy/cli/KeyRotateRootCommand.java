package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostWithoutRoot;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "root",
    description = {
      "Give the fleet a new root, which the present one introduces. Both roots' keys stay on this"
          + " machine. From then on both are believed, and the new one certifies: hosts change over"
          + " within minutes when they are connected, and when they connect next otherwise. In a"
          + " private repository the new root also vouches for the recovery key to which hosts"
          + " seal theirs.",
      "With --retire, the old root is believed no more: refused while a host in service, or one"
          + " that moved away and reads here, has no certificate under the new one. `holdfast key"
          + " roots` tells which."
    })
final class KeyRotateRootCommand extends AdminCommand {
  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description =
          "The present root's key with its certificate: fleet-root.pem, which `holdfast init` left"
              + " in the coordinator's data directory.")
  private Path rootKey;

  @Option(
      names = "--new-root-key",
      paramLabel = "FILE",
      description =
          "File for the new root's key and certificate, readable by this user only. One that is"
              + " there already is taken as it is, so that a run that was broken off can go on.")
  private Path newRootKey;

  @Option(names = "--retire", description = "Believe the newest root only.")
  private boolean retire;

  @Option(
      names = "--force",
      description =
          "With --retire: leave hosts behind that lack the new root. They have to be enrolled"
              + " again; those that moved away read here no more.")
  private boolean force;

  KeyRotateRootCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if (retire) {
      require(rootKey == null && newRootKey == null, "--retire takes no key: leave the files out");
      return;
    }
    require(!force, "--force goes with --retire only");
    require(
        rootKey != null && newRootKey != null,
        "name --root-key, the present root's, and --new-root-key, a file for the new one's");
    InputFile.check("root's key", rootKey);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HoldfastException(ErrorCode.INVALID_ARGUMENT, otherwise);
    }
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    return retire ? retire(link, output) : introduce(link, output);
  }

  private ExitCode introduce(AdminLink link, Output output) {
    Randomness randomness = Randomness.secure();
    Time time = shell().time();
    FleetAuthority present = root(rootKey, time, randomness);
    FleetAuthority next = next(present, time, randomness);
    RequestIssuingCaAnswer asked = link.keys().requestIssuingCa();
    if (isNamed(next, asked)) {
      output.note("This root is the fleet's newest already.");
      return ExitCode.OK;
    }
    if (!isNamed(present, asked)) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          rootKey
              + " holds the root with SHA-256 "
              + present.fingerprint()
              + ", which is not the newest one of the coordinator's fleet; take that one's key");
    }
    CertificateRequest request =
        CertificateRequest.verify(asked.getCertificateRequest().toByteArray());
    String name = "of " + LocalDate.ofInstant(time.now(), ZoneOffset.UTC);
    InstallRootAnswer installed =
        link.keys()
            .installRoot(
                Certificates.encode(next.certificate()),
                Certificates.encode(present.introduce(next.certificate())),
                Certificates.encode(next.certify(request, name).getFirst()),
                vouchedFor(asked, present, next, randomness));
    output.result(
        "root_introduced",
        new Fields()
            .id("root", installed.getRootSha256())
            .time("expires", installed.getExpiresMillis())
            .text("former", present.fingerprint().toString())
            .text("ring", installed.getRing())
            .text("key", newRootKey.toString()));
    output.note(
        "Take both keys off line. Print the recovery kit anew (holdfast key export), see who has"
            + " the new root (holdfast key roots), and then: holdfast key rotate root --retire");
    return ExitCode.OK;
  }

  /** The recovery key to which hosts of a private repository seal theirs. */
  private static Optional<CertifiedRecoveryKey> vouchedFor(
      RequestIssuingCaAnswer asked,
      FleetAuthority present,
      FleetAuthority next,
      Randomness randomness) {
    if (asked.getRepositoryRecovery().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        PrivateRepository.certifyAnew(
            RepositoryId.of(asked.getRepository().toByteArray()),
            CertifiedRecoveryKey.parse(asked.getRepositoryRecovery().toByteArray()),
            present.certificate(),
            next.key(),
            randomness));
  }

  /** Durable before anybody hears of it. */
  private FleetAuthority next(FleetAuthority present, Time time, Randomness randomness) {
    if (!Files.exists(newRootKey)) {
      FleetAuthority made = FleetAuthority.create(present.fleet(), time, randomness);
      PemFiles.writeCredential(newRootKey, made.key());
    }
    return root(newRootKey, time, randomness);
  }

  private static FleetAuthority root(Path file, Time time, Randomness randomness) {
    return FleetAuthority.of(PemFiles.readCredential(file, randomness), time, randomness);
  }

  private static boolean isNamed(FleetAuthority root, RequestIssuingCaAnswer asked) {
    Fingerprint fingerprint = root.fingerprint();
    return asked.getRootSha256().equals(ByteString.copyFrom(fingerprint.value().toByteArray()));
  }

  private ExitCode retire(AdminLink link, Output output) {
    RetireRootAnswer retired = link.keys().retireRoot(force);
    if (retired.getRetiredSha256Count() == 0) {
      output.note("One root only is believed: there is none to retire.");
      return ExitCode.OK;
    }
    output.result(
        "root_retired",
        new Fields()
            .id("root", retired.getRetiredSha256(0))
            .count("left_behind", retired.getHostsLeftBehind()));
    for (HostWithoutRoot host : retired.getLeftBehindList()) {
      output.result(
          "left_behind",
          new Fields()
              .id("host", host.getHost())
              .text("name", host.getName())
              .flag("moved", host.getMoved()));
    }
    output.note(
        "Enrolment tokens and access tokens that were made before the new root came are refused"
            + " from now on; have new ones made.");
    return ExitCode.OK;
  }
}
