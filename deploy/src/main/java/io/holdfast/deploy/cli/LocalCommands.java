package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.agent.node.LocalFacts;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.CoordinatorNode;
import io.holdfast.coordinator.node.Founding;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The local operations by the agent's and the coordinator's own classes. */
final class LocalCommands implements LocalOperations {
  private final Time time;
  private final Randomness randomness;

  LocalCommands(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  @Override
  public InitReport init(InitRequest request) {
    try (Passphrase passphrase = open(request.passphrase())) {
      Founding.Made made = new Founding(request.config(), time, randomness).make(passphrase);
      return new InitReport(
          made.root().toString(), ByteString.copyFrom(made.repository().toByteArray()), made.kit());
    }
  }

  @Override
  public RunningNode startCoordinator(CoordinatorConfig config) {
    CoordinatorNode node;
    try {
      node = CoordinatorNode.start(config, time, randomness);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "the start was interrupted", e);
    }
    return new RunningNode() {
      @Override
      public void awaitEnd() throws InterruptedException {
        node.awaitEnd();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }

  @Override
  public RunningNode startAgent(AgentConfig config) {
    AgentNode node = AgentNode.start(config, time, randomness);
    return new RunningNode() {
      @Override
      public void awaitEnd() throws InterruptedException {
        node.awaitEnd();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }

  @Override
  public EnrolReport enrol(AgentConfig config, SecretText token) {
    HostFacts facts = LocalFacts.of(config);
    try (EnrolmentToken parsed = EnrolmentToken.parse(token.reveal());
        HostIdentity identity =
            new Enrolment(StateDirectory.open(config.dataDir()), time, randomness)
                .enrol(parsed, facts)) {
      List<HostPort> coordinators =
          identity.record().coordinators().stream()
              .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
              .toList();
      return new EnrolReport(
          ByteString.copyFrom(identity.record().host().toByteArray()),
          facts.getName(),
          coordinators);
    }
  }

  @Override
  public void listRecoverable(VaultAccess access, Consumer<Snapshot> each) {
    throw absent("recover");
  }

  @Override
  public JobResult recover(RecoverRequest request, Consumer<JobProgress> progress) {
    throw absent("recover");
  }

  @Override
  public RebuildReport rebuildCatalog(CoordinatorConfig config) {
    throw absent("catalog rebuild");
  }

  @Override
  public void importKeys(CoordinatorConfig config, Path kit, PassphraseSource passphrase) {
    throw absent("key import");
  }

  private static Passphrase open(PassphraseSource source) {
    return switch (source) {
      case PassphraseSource.InFile(Path file) -> Passphrase.readFile(file);
      case PassphraseSource.Typed typed -> Passphrase.of(typed.chars());
    };
  }

  private static HoldfastException absent(String command) {
    return new HoldfastException(
        ErrorCode.UNKNOWN_VERSION, "this build of Holdfast can't do `" + command + "` yet");
  }
}
