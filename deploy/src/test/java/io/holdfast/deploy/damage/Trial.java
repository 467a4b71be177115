package io.holdfast.deploy.damage;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.Findings;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.node.CatalogMaintenance;
import io.holdfast.coordinator.recovery.CatalogRebuild;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.MovableTime;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.deploy.path.StoredPacks;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyFault;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tries each step with one damaged fleet and says in a word what came of it:
 *
 * <pre>
 * whole      everything came back as it was, byte for byte, without complaint
 * notes      everything came back, and what is damaged was named
 * loses      exactly the files that need the damaged chunks are missing, each by name; the rest came
 * clean      a verification found nothing
 * names      every fault that a verification found names the damaged object or a chunk of it
 * heals      a backup stored again what was lost: the old and the new snapshot are whole
 * anew       a backup made a whole snapshot; old ones are whole or say by name what they lack
 * starts     the coordinator leads and serves
 * frees      sweeps deleted what nothing needs any more, and what is kept is as it was before
 * waits      they deleted nothing, say why, and an alarm is up
 * no checkpoint CODE  they deleted nothing, since no checkpoint can be written for that reason
 * stops CODE the same as waits, and this error ended them, which names the damaged object
 * CODE       refused with this error, which names the damaged object
 * CODE?      refused with this error, which names something else
 * </pre>
 *
 * One thread.
 */
final class Trial implements AutoCloseable {
  private final Originals originals;
  private final Fleet fleet;
  private final MovableTime time;
  private final ProtectedHost host;
  private final Path work;
  private final Set<String> names;
  private final Set<StoredPacks.Pack> harmed;
  private final boolean withKit;
  private boolean wasWhole = true;
  private Optional<SnapshotId> made = Optional.empty();
  private int restores;

  /** With {@code fleet}, which lives by a {@link MovableTime} of its own. */
  Trial(Originals originals, Fleet fleet, Path work, Damages damages, Part part, Harm harm)
      throws IOException {
    this.originals = originals;
    this.fleet = fleet;
    this.time = (MovableTime) fleet.time;
    this.work = work;
    this.names = damages.names(part, harm);
    this.harmed = damages.harmedPacks(part, harm);
    this.withKit = part == Part.RECOVERY_KIT;
    this.host = fleet.host("alpha");
  }

  private interface Attempt {
    String outcome() throws Exception;
  }

  private String refusedOr(Attempt attempt) throws Exception {
    try {
      return attempt.outcome();
    } catch (HoldfastException e) {
      return e.code() + (names(e.getMessage()) ? "" : "?");
    }
  }

  private boolean names(String message) {
    return names.stream().anyMatch(message::contains);
  }

  String recover() throws Exception {
    return refusedOr(() -> {
      try (Recovery recovery = openRecovery()) {
        String outcome = refusedOr(() -> recover(recovery, originals.newest, originals.tree));
        boolean noted = recovery.findings().stream().anyMatch(this::names);
        String way = recovery.way() == Recovery.Way.JOURNAL ? "" : "footers, ";
        String first =
            harmed.contains(originals.pages) && !harmed.contains(originals.earlierPages)
                ? ", first " + recover(recovery, originals.first, originals.firstTree)
                : "";
        return way + (outcome.equals("whole") && noted ? "notes" : outcome) + first;
      }
    });
  }

  private String recover(Recovery recovery, SnapshotId snapshot, FileTree expected)
      throws Exception {
    try (OpenSnapshot open = recovery.open(recovery.find(snapshot.toString()))) {
      RestoreResult result =
          host.restore(open, target(), RestorePlan.EVERYTHING, RestoreLimits.STANDARD);
      return judged(result, expected);
    }
  }

  private Recovery openRecovery() throws IOException {
    Optional<RecoveryKit> kit = Optional.empty();
    if (withKit) {
      Path file = fleet.root.resolve("coordinator/recovery-kit.txt");
      if (Files.exists(file)) {
        kit = Optional.of(RecoveryKit.parse(Files.readString(file, StandardCharsets.ISO_8859_1)));
      }
    }
    try (Passphrase passphrase = Passphrase.of(Fleet.PASSPHRASE.toCharArray())) {
      return Recovery.open(
          new Recovery.Request(fleet.vault(), kit, work.resolve("scratch")),
          passphrase,
          FileSystem.local(),
          fleet.randomness);
    }
  }

  /** On a copy: the rebuilt catalog must not help the steps behind. */
  String rebuild(Fleet copy) throws Exception {
    return refusedOr(() -> {
      CatalogRebuild.Rebuilt rebuilt = CatalogMaintenance.rebuild(copy.config, copy.randomness);
      if (rebuilt.snapshots() != 3) {
        return rebuilt.snapshots() + " snapshots";
      }
      return rebuilt.unreadPacks() == 0 ? "whole" : "notes";
    });
  }

  String start() throws Exception {
    return refusedOr(() -> {
      fleet.start();
      return "starts";
    });
  }

  String restore() throws Exception {
    String outcome = restore(originals.newest, originals.tree);
    wasWhole = outcome.equals("whole");
    return outcome;
  }

  private String restore(SnapshotId snapshot, FileTree expected) throws Exception {
    return refusedOr(
        () -> judged(host.restore(snapshot, target(), RestorePlan.EVERYTHING), expected));
  }

  private Path target() {
    return work.resolve("target-" + ++restores);
  }

  private String judged(RestoreResult result, FileTree expected) throws IOException {
    Path top = work.resolve("target-" + restores).resolve(originals.source.toString().substring(1));
    List<String> differences =
        Files.exists(top) ? expected.differences(FileTree.read(top)) : List.of("all missing");
    Set<String> failed =
        result.findings().failures().stream()
            .map(each -> each.path().toString())
            .collect(Collectors.toSet());
    if (failed.isEmpty()) {
      return differences.isEmpty() ? "whole" : "WRONG: " + differences;
    }
    boolean exact =
        failed.equals(originals.pathsThatNeed(harmed)) && differences.size() == failed.size();
    return exact ? "loses" : "WRONG: " + described(result) + differences;
  }

  private static List<String> described(RestoreResult result) {
    return result.findings().failures().stream().map(Findings.Failure::text).toList();
  }

  String verify(VerifyLevel level) throws Exception {
    return refusedOr(() -> {
      List<VerifyFault> faults = new ArrayList<>();
      try (AdminLink admin = fleet.admin()) {
        admin.verify(
            VerifyRequest.newBuilder().setLevel(level).build(),
            event -> {
              if (event.getEventCase() == VerifyEvent.EventCase.FAULT) {
                faults.add(event.getFault());
              }
            });
      }
      List<VerifyFault> stray = faults.stream().filter(fault -> !isNamed(fault)).toList();
      if (!stray.isEmpty()) {
        return "WRONG: "
            + stray.stream().map(f -> f.getError().getCode() + f.getError().getMessage()).toList();
      }
      return faults.isEmpty() ? "clean" : "names";
    });
  }

  private boolean isNamed(VerifyFault fault) {
    Set<PackId> packs = harmed.stream().map(StoredPacks.Pack::id).collect(Collectors.toSet());
    Set<ChunkId> chunks = new HashSet<>();
    harmed.forEach(pack -> pack.chunks().stream().map(ChunkRef::id).forEach(chunks::add));
    return (fault.getPack().size() == 16
            && packs.contains(PackId.of(fault.getPack().toByteArray())))
        || (fault.getId().size() == 32 && chunks.contains(ChunkId.of(fault.getId().toByteArray())))
        || names(fault.getError().getMessage());
  }

  /** A backup, the restore of what it made, and of what there was before. */
  String backup() throws Exception {
    return refusedOr(() -> {
      BackupResult backedUp = host.backup(originals.source);
      if (!backedUp.isComplete()) {
        return "WRONG: " + backedUp.gaps();
      }
      made = Optional.of(backedUp.snapshot());
      List<String> outcomes =
          List.of(
              restore(backedUp.snapshot(), originals.tree),
              restore(originals.newest, originals.tree),
              restore(originals.first, originals.firstTree));
      if (outcomes.stream().allMatch("whole"::equals)) {
        return wasWhole ? "whole" : harmsPages() ? "anew" : "heals";
      }
      boolean named =
          outcomes.stream().allMatch(each -> each.equals("whole") || each.matches("[A-Z_]+"));
      return outcomes.getFirst().equals("whole") && named && harmsPages()
          ? "anew"
          : "WRONG: " + outcomes;
    });
  }

  /** Sweeps when the first snapshot went, though nobody knows of the damage. */
  String sweep() throws Exception {
    return refusedOr(() -> {
      fleet.start();
      String before = restore(originals.newest, originals.tree);
      String word = sweeps().forget(List.of(originals.first));
      String after = restore(originals.newest, originals.tree);
      return after.equals(before) ? word : "WRONG: " + word + ", and then " + after;
    });
  }

  /** Sweeps when all went but what the last backup made. */
  String sweepToTheEnd() throws Exception {
    return refusedOr(() -> {
      List<SnapshotId> others = new ArrayList<>();
      try (AdminLink admin = fleet.admin()) {
        admin.snapshots(
            ListSnapshotsRequest.getDefaultInstance(),
            each -> others.add(SnapshotId.of(each.getSnapshot().toByteArray())));
      }
      SnapshotId kept = made.orElseThrow();
      others.remove(kept);
      String word = sweeps().forget(others);
      String after = restore(kept, originals.tree);
      return after.equals("whole") ? word : "WRONG: " + word + ", and then " + after;
    });
  }

  private Sweeps sweeps() {
    return new Sweeps(fleet, time, this::names);
  }

  /** A lost page comes back only if the next backup happens to make the very same one. */
  private boolean harmsPages() {
    return harmed.contains(originals.pages);
  }

  @Override
  public void close() {
    host.close();
    fleet.close();
  }
}
