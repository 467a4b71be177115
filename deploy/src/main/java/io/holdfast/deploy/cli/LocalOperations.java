package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.Consents;
import io.holdfast.agent.node.OwnSnapshots;
import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.agent.postgres.RestoredCluster;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What {@code holdfast} does on this machine itself, without a coordinator to ask. Every failure is
 * a HoldfastException.
 */
interface LocalOperations {
  /**
   * Makes a fleet: root, issuing CA, repository keys, journal and its first record, in an empty
   * vault and an empty data directory.
   *
   * @param fleetName for people
   * @param isPrivate whether hosts keep their keys to themselves
   */
  record InitRequest(
      CoordinatorConfig config, String fleetName, PassphraseSource passphrase, boolean isPrivate) {}

  /**
   * What was made.
   *
   * @param rootFingerprint SHA-256 of the root certificate, hexadecimal
   * @param kit file with the recovery kit
   */
  record InitReport(String rootFingerprint, ByteString repository, Path kit) {}

  /** OBJECT_EXISTS if vault or data directory already hold a fleet; nothing is changed then. */
  InitReport init(InitRequest request);

  /** A service that was started. */
  interface RunningNode extends AutoCloseable {
    /** Waits for the service to end by itself or by {@link #close}; throws what ended it. */
    void awaitEnd() throws InterruptedException;

    /** Ends it in order and returns when it has ended. May be called from any thread, twice. */
    @Override
    void close();
  }

  RunningNode startCoordinator(CoordinatorConfig config);

  RunningNode startAgent(AgentConfig config);

  /**
   * What the agent is called now, and whom it will talk to.
   *
   * @param encryptionKey public; by which whoever seals something to this host can be sure of it
   * @param isPrivate whether the keys of what it stores are its own
   */
  record EnrolReport(
      ByteString host,
      String hostName,
      List<HostPort> coordinators,
      String encryptionKey,
      boolean isPrivate) {}

  /**
   * Exchanges {@code token} for a certificate, kept in the agent's data directory.
   *
   * @param onlyPrivate refuse a repository whose coordinators hold the keys
   */
  EnrolReport enrol(AgentConfig config, SecretText token, boolean onlyPrivate);

  /** What this host is now. */
  record MoveReport(ByteString host, ByteString repository, List<HostPort> coordinators) {}

  /**
   * Moves this host to the repository of {@code token}, or finishes what was begun.
   *
   * @param asksFormer whether the present repository has to know first
   */
  MoveReport moveAgent(AgentConfig config, SecretText token, boolean asksFormer)
      throws InterruptedException;

  /** Those of which this host keeps receipts, the newest first. */
  List<OwnSnapshots.Own> ownSnapshots(AgentConfig config);

  /**
   * What to restore of this host's own.
   *
   * @param snapshot id or its beginning, or {@code latest}
   * @param repository id or its beginning; empty for any
   */
  record OwnRestoreRequest(
      AgentConfig config,
      String snapshot,
      String repository,
      List<ByteString> paths,
      Path target) {}

  /** Restores by this host's own keys; gaps and differences are in the result. */
  JobResult restoreOwn(OwnRestoreRequest request, Consumer<JobProgress> progress);

  /** What waits on this host for somebody to agree. */
  List<Consents.Asked> askedConsents(AgentConfig config);

  /** Agrees to what {@code job} waits for, or refuses it. */
  void answerConsent(AgentConfig config, String job, boolean yes);

  /**
   * A vault to read with nothing else at hand.
   *
   * @param kit recovery kit, for a vault that lost its own wrapped keys
   */
  record VaultAccess(Path vault, Optional<Path> kit, PassphraseSource passphrase) {}

  /** Lists what the vault holds, newest first. */
  void listRecoverable(VaultAccess access, Consumer<Snapshot> each);

  /**
   * What to restore out of a vault.
   *
   * @param snapshot id or its beginning, {@code latest}, {@code latest:HOST} or {@code HOST@TIME}
   * @param paths inside the snapshot; empty for all
   * @param target made if it doesn't exist; must be empty
   */
  record RecoverRequest(VaultAccess access, String snapshot, List<ByteString> paths, Path target) {}

  /** Restores from the vault alone; gaps and differences are in the result. */
  JobResult recover(RecoverRequest request, Consumer<JobProgress> progress);

  /** What the rebuilt catalog holds. */
  record RebuildReport(long journalSeq, long snapshots, long packs) {}

  /**
   * Drops the catalog and fills it anew from the vault. LEADERSHIP_HELD while a coordinator runs.
   */
  RebuildReport rebuildCatalog(CoordinatorConfig config);

  /** Makes a cluster that was restored to {@code directory} ready for a server to start on. */
  RestoredCluster.Prepared preparePostgres(Path directory, RecoveryTarget target);

  /** Brings the wrapped keys of a recovery kit back into the vault, and makes a new service key. */
  void importKeys(CoordinatorConfig config, Path kit, PassphraseSource passphrase);

  /**
   * Wraps the master key under another passphrase.
   *
   * @param present the passphrase as it is; needed for a private repository
   * @param keep writes the text of the new kit durably, before anything is changed
   */
  void changePassphrase(
      CoordinatorConfig config,
      PassphraseSource next,
      Optional<PassphraseSource> present,
      Consumer<String> keep);
}
