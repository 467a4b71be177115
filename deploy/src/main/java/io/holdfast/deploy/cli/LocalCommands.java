package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Snapshot;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The local operations by the agent's and the coordinator's own classes. */
final class LocalCommands implements LocalOperations {
  @Override
  public InitReport init(InitRequest request) {
    throw absent("init");
  }

  @Override
  public RunningNode startCoordinator(CoordinatorConfig config) {
    throw absent("coordinator run");
  }

  @Override
  public RunningNode startAgent(AgentConfig config) {
    throw absent("agent run");
  }

  @Override
  public EnrolReport enrol(AgentConfig config, SecretText token) {
    throw absent("agent enroll");
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

  private static HoldfastException absent(String command) {
    return new HoldfastException(
        ErrorCode.UNKNOWN_VERSION, "this build of Holdfast can't do `" + command + "` yet");
  }
}
