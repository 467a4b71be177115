package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CheckpointWritten;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.MasterReplaced;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;

/**
 * The one function from a record to its effects. Deterministic: it asks no clock, no random source
 * and nothing of this machine. A change that a leader should never have written has no effect and
 * is counted; one that this version doesn't know stops it, since going on would give another
 * catalog than everybody else's.
 */
final class Apply {
  private final PackChanges packs;
  private final SweepChanges sweeps;

  Apply(FooterSource footers) {
    this.packs = new PackChanges(footers);
    this.sweeps = new SweepChanges(footers, packs);
  }

  /**
   * Gathers what {@code body} does; UNKNOWN_VERSION or MALFORMED, and then nothing is to be kept.
   */
  void apply(RecordBody body, Effects effects) {
    for (Mutation mutation : body.getMutationsList()) {
      Change change = Fields.change(mutation.getClear());
      apply(change, mutation, body, effects);
      AuditChanges.note(change, effects);
    }
  }

  private void apply(Change change, Mutation mutation, RecordBody body, Effects effects) {
    switch (change.getChangeCase()) {
      case GENESIS -> begin(change.getGenesis(), body, effects);
      case ROOT_INTRODUCED -> FleetChanges.introduceRoot(effects);
      case ROOT_RETIRED -> FleetChanges.retireRoot(effects);
      case TERM_STARTED -> LeaderChanges.beginTerm(effects);
      case AUDIT, CLOCK_CONFIRMED -> {
        // The head holds the term and the roots; certificates and audit texts are looked up in the
        // journal. How a clock stands belongs to its machine.
      }
      case TOKEN_CREATED -> FleetChanges.createToken(change.getTokenCreated(), mutation, effects);
      case HOST_ENROLLED -> FleetChanges.enrol(change.getHostEnrolled(), mutation, effects);
      case CERTIFICATE_ISSUED ->
          FleetChanges.issueCertificate(change.getCertificateIssued(), mutation, effects);
      case HOST_REVOKED -> FleetChanges.revoke(change.getHostRevoked(), effects);
      case SESSION_OPENED -> SnapshotChanges.open(change.getSessionOpened(), mutation, effects);
      case SESSION_CLOSED -> SnapshotChanges.close(change.getSessionClosed(), effects);
      case PACK_REGISTERED -> packs.register(change.getPackRegistered(), effects);
      case SNAPSHOT_COMMITTED ->
          SnapshotChanges.commit(change.getSnapshotCommitted(), mutation, effects);
      case PROOF -> packs.prove(change.getProof(), effects);
      case LOSS -> packs.lose(change.getLoss(), effects);
      case VERIFICATION_ENDED ->
          ProofChanges.endVerification(change.getVerificationEnded(), effects);
      case CHECKPOINT_WRITTEN -> mark(change.getCheckpointWritten(), effects);
      case ROLLBACK_ACCEPTED -> {
        PackChanges.distrustAll(effects);
        effects.put(Families.META, Keys.ROLLED_BACK, Keys.seq(effects.seq()));
      }
      case GRANT_ISSUED -> SnapshotChanges.grant(change.getGrantIssued(), mutation, effects);
      case KEY_RING_WRITTEN ->
          effects.put(Families.META, Keys.KEY_RING, effects.recorded(mutation));
      case JOB_ORDERED -> JobChanges.order(change.getJobOrdered(), mutation, effects);
      case JOB_ENDED -> JobChanges.end(change.getJobEnded(), mutation, effects);
      case HOST_QUOTA_SET -> HostBytes.setQuota(change.getHostQuotaSet(), effects);
      case POLICY_APPLIED -> PolicyChanges.apply(change.getPolicyApplied(), mutation, effects);
      case POLICY_DELETED -> PolicyChanges.delete(change.getPolicyDeleted(), mutation, effects);
      case SNAPSHOTS_DELETED -> DeletionChanges.delete(change.getSnapshotsDeleted(), effects);
      case SNAPSHOT_UNDELETED -> DeletionChanges.undelete(change.getSnapshotUndeleted(), effects);
      case SNAPSHOTS_DROPPED -> DeletionChanges.drop(change.getSnapshotsDropped(), effects);
      case HOLD_SET -> HoldChanges.set(change.getHoldSet(), mutation, effects);
      case HOLD_RELEASED -> HoldChanges.release(change.getHoldReleased(), effects);
      case RETENTION_APPROVED ->
          RetentionApprovalChanges.approve(change.getRetentionApproved(), mutation, effects);
      case ENTRIES_CONDEMNED -> sweeps.condemn(change.getEntriesCondemned(), body, effects);
      case SURPLUS_CONDEMNED -> SurplusChanges.condemn(change.getSurplusCondemned(), body, effects);
      case NAMES_VOIDED -> NameChanges.giveUp(change.getNamesVoided(), effects);
      case VOIDED_DELETED -> NameChanges.delete(change.getVoidedDeleted(), effects);
      case PACK_REWRITTEN -> sweeps.rewrite(change.getPackRewritten(), effects);
      case PACK_DELETED -> sweeps.delete(change.getPackDeleted(), effects);
      case SWEEP_APPROVED -> SweepChanges.approve(change.getSweepApproved(), effects);
      case SWEEP_COMPLETED ->
          effects.put(Families.META, Keys.LAST_SWEEP, effects.recorded(mutation));
      case PAGES_CHECKED -> PackChanges.check(change.getPagesChecked(), effects);
      case PERSON_SET -> PeopleChanges.set(change.getPersonSet(), mutation, effects);
      case PERSON_REMOVED -> PeopleChanges.remove(change.getPersonRemoved(), mutation, effects);
      case ACCESS_TOKEN_CREATED ->
          PeopleChanges.createToken(change.getAccessTokenCreated(), mutation, effects);
      case ACCESS_TOKEN_REVOKED ->
          PeopleChanges.revokeToken(change.getAccessTokenRevoked(), mutation, effects);
      case APPROVAL_REQUESTED ->
          ApprovalChanges.request(change.getApprovalRequested(), mutation, effects);
      case APPROVAL_MOVED -> ApprovalChanges.move(change.getApprovalMoved(), mutation, effects);
      case HOST_RENAMED -> HostLifeChanges.rename(change.getHostRenamed(), mutation, effects);
      case HOST_LABELLED -> HostTraitChanges.label(change.getHostLabelled(), mutation, effects);
      case HOST_FACTS_TAKEN ->
          HostTraitChanges.takeFacts(change.getHostFactsTaken(), mutation, effects);
      case HOST_DECOMMISSIONED ->
          HostLifeChanges.decommission(change.getHostDecommissioned(), mutation, effects);
      case HOST_KEYS_SEALED -> FleetChanges.sealKeys(change.getHostKeysSealed(), mutation, effects);
      case HOST_KEYS_RESEALED -> FleetChanges.resealKeys(change.getHostKeysResealed(), effects);
      case HOST_ROOT_TAKEN -> FleetChanges.takeRoot(change.getHostRootTaken(), effects);
      case MASTER_REPLACED -> replaceMaster(change.getMasterReplaced(), mutation, effects);
      case HOST_ERASED -> HostErasures.erase(change.getHostErased(), mutation, effects);
      case HOST_REPLACED -> HostLifeChanges.replace(change.getHostReplaced(), mutation, effects);
      case HOST_MOVE_ORDERED ->
          HostMoveChanges.order(change.getHostMoveOrdered(), mutation, effects);
      case HOST_MOVED -> HostMoveChanges.move(change.getHostMoved(), mutation, effects);
      case HOST_MOVE_REFUSED -> HostMoveChanges.refuse(change.getHostMoveRefused(), effects);
      case APPROVAL_RULE_SET ->
          ApprovalChanges.rule(change.getApprovalRuleSet(), mutation, effects);
      case CHANGE_NOT_SET -> throw Fields.unknown("a change without a kind");
    }
  }

  private static void begin(Genesis genesis, RecordBody body, Effects effects) {
    if (effects.has(Families.META, Keys.REPOSITORY)) {
      effects.ignore();
      return;
    }
    effects.put(Families.META, Keys.REPOSITORY, RepositoryIdentity.of(body, genesis).toRow());
  }

  private static void replaceMaster(MasterReplaced change, Mutation mutation, Effects effects) {
    if (Integer.compareUnsigned(change.getNumber(), FleetChanges.masterNumber(effects)) <= 0) {
      effects.ignore();
      return;
    }
    effects.put(Families.META, Keys.MASTER, effects.recorded(mutation));
  }

  private static void mark(CheckpointWritten change, Effects effects) {
    CheckpointMark mark =
        new CheckpointMark(
            change.getSeq(),
            Fields.bytes32(change.getManifestSha256(), "manifest hash"),
            Fields.bytes32(change.getCatalogDigest(), "catalog digest"),
            effects.seq());
    if (Long.compareUnsigned(mark.seq(), effects.seq()) >= 0) {
      effects.ignore();
      return;
    }
    effects.put(Families.CHECKPOINTS, Keys.seq(mark.seq()), mark.toRow());
    RootChanges.trim(effects);
  }
}
