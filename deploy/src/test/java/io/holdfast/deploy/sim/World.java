package io.holdfast.deploy.sim;

import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.PowerLoss;
import io.holdfast.coordinator.catalog.CatalogTotals;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.RegisteredPack;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.proof.Fault;
import io.holdfast.coordinator.proof.Verify;
import io.holdfast.coordinator.proof.VerifyListener;
import io.holdfast.coordinator.proof.VerifyTally;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A site under one seed: two coordinators on one vault, three hosts, and everything that may happen
 * to them. Events overlap: each starts something and lets the schedule run on for a while, and the
 * invariants are checked after every one.
 */
final class World implements AutoCloseable {
  private static final int COORDINATORS = 2;
  private static final long SECOND = 1_000_000_000L;
  private static final int STEPS_MAX = 400;

  private final Site site;
  private final RandomGenerator random;
  private final List<SimCoordinator> coordinators = new ArrayList<>();
  private final List<SimHost> hosts = new ArrayList<>();
  private final List<SimHost.Activity> activities = new ArrayList<>();
  private final Damage damage = new Damage();
  private final Invariants invariants;
  private final int[] checkedAcks = new int[SimFleet.HOSTS];
  private final boolean damages;
  private final boolean poisons;
  private final boolean forges;
  private final RandomGenerator mending;
  private final boolean mends;
  private final List<Flip> flips = new ArrayList<>();
  private final RandomGenerator pruning;
  private final boolean prunes;
  private boolean calm;
  private final List<String> history = new ArrayList<>();

  World(long seed, Seams seams, Path scratch) {
    this.random = new SplittableRandom(seed);
    Schedule schedule = new Schedule(new SplittableRandom(random.nextLong()));
    this.site =
        new Site(
            schedule,
            random,
            new SeededRandomness(random.nextLong()),
            LossyDisk.seeded(random.nextLong()),
            scratch,
            seams);
    this.damages = random.nextInt(4) == 0;
    // Both need keys that all share: a host's own content is all that it could lie about.
    this.poisons = random.nextInt(3) == 0 && !seams.isPrivate();
    this.forges = random.nextInt(3) == 0 && !seams.isPrivate();
    this.mending = new SplittableRandom(seed ^ 0x6d656e64L);
    this.mends = damages && mending.nextInt(4) > 0;
    this.pruning = new SplittableRandom(seed ^ 0x7072756eL);
    this.prunes = pruning.nextInt(3) == 0;
    found();
    for (int i = 0; i < COORDINATORS; i++) {
      SimCoordinator coordinator = new SimCoordinator(site, i);
      coordinators.add(coordinator);
      coordinator.hint(i == 0);
      coordinator.start();
    }
    for (int i = 0; i < SimFleet.HOSTS; i++) {
      SimHost host = new SimHost(site, i);
      hosts.add(host);
      host.tree().change(random);
    }
    this.invariants = new Invariants(site, damage);
  }

  private void found() {
    SimTime time = new SimTime(site.schedule());
    try (DirectoryVault vault =
        DirectoryVault.create(
            site.disk().mount(), site.randomness(), Site.VAULT, SimFleet.REPOSITORY)) {
      SimFleet.found(vault, time, site.randomness(), site.seams().isPrivate());
    }
  }

  Outcome outcome() {
    CatalogTotals totals;
    try (CatalogView view = invariants.witness().view()) {
      totals = view.totals();
    }
    return new Outcome(
        site.schedule().trace(),
        hosts.stream().mapToInt(host -> host.acknowledged().size()).sum(),
        invariants.restored(),
        invariants.witness().seq(),
        totals.of(Total.LOST_ENTRIES),
        totals.of(Total.DELETED_PACKS),
        site.schedule().foreignWakeUps());
  }

  /** What happened, for people. */
  String story() {
    long foreign = site.schedule().foreignWakeUps();
    return String.join("\n", history)
        + (foreign == 0 ? "" : "\n" + foreign + " wake-ups weren't the seed's: it may not repeat");
  }

  void run(int events) {
    for (int i = 0; i < events; i++) {
      event();
      check();
    }
  }

  private void event() {
    int dice = random.nextInt(100);
    SimCoordinator coordinator = coordinators.get(random.nextInt(COORDINATORS));
    SimHost host = hosts.get(random.nextInt(SimFleet.HOSTS));
    if (dice < 54) {
      hostsWork(dice, host);
    } else if (dice < 68) {
      machinesStop(dice, coordinator);
    } else if (dice < 81) {
      conditionsChange(dice, coordinator);
    } else if (dice < 86) {
      operatorsWork(dice, coordinator);
    } else if (dice < 88) {
      happens("a bit flips", this::flip);
    } else if (dice < 90) {
      poison(host);
    } else if (dice < 93) {
      happens("host crashes", this::crashHost);
    } else {
      happens("time passes", () -> site.schedule().pass((1 + random.nextInt(5)) * SECOND));
    }
    if (mends && !flips.isEmpty() && mending.nextInt(8) == 0) {
      happens("a bit turns back", () -> turn(flips.remove(mending.nextInt(flips.size()))));
    }
    if (prunes && pruning.nextInt(8) == 0) {
      prune(coordinators.get(pruning.nextInt(COORDINATORS)));
    }
    site.schedule().run(random.nextInt(STEPS_MAX));
  }

  /** In some worlds operators delete snapshots, have some back, and let days pass. */
  private void prune(SimCoordinator coordinator) {
    switch (pruning.nextInt(7)) {
      case 0, 1 ->
          happens(
              "snapshots are deleted",
              () ->
                  coordinator.operate(
                      "delete", parts -> parts.prune.delete(pruning, invariants.deleted())));
      case 2 ->
          happens(
              "a deletion is undone",
              () -> coordinator.operate("undelete", parts -> parts.prune.undelete(pruning)));
      case 3, 4 ->
          happens("a sweep", () -> coordinator.operate("sweep", parts -> parts.sweeper.sweep()));
      case 5 ->
          happens(
              "a checkpoint and a sweep",
              () ->
                  coordinator.operate(
                      "checkpoint and sweep",
                      parts -> {
                        parts.checkpoint();
                        parts.sweeper.sweep();
                      }));
      default -> {
        coordinators.forEach(one -> one.time().jump(SimPrune.UNDO.plusHours(1)));
        happens(
            "deleted ones are forgotten",
            () -> coordinator.operate("drop", parts -> parts.prune.drop()));
      }
    }
  }

  private void hostsWork(int dice, SimHost host) {
    if (dice < 30) {
      backup(host);
    } else if (dice < 38) {
      happens("files change", () -> host.tree().change(random));
      backup(host);
    } else if (dice < 42) {
      happens("files shared", () -> host.tree().copyFrom(other(host).tree()));
      backup(host);
    } else if (dice < 46) {
      repeat(host);
    } else {
      restore(host);
    }
  }

  private void machinesStop(int dice, SimCoordinator coordinator) {
    if (dice < 60) {
      happens("kill " + state(coordinator), () -> killOrStart(coordinator));
    } else if (dice < 63) {
      happens("catalog lost", () -> loseCatalog(coordinator));
    } else if (dice < 66) {
      happens("power cut", this::cutPower);
    } else {
      happens("power cut in the middle of a call", this::goDark);
    }
  }

  private void conditionsChange(int dice, SimCoordinator coordinator) {
    if (dice < 73) {
      happens("hint moves", () -> coordinators.forEach(one -> one.hint(one.equals(coordinator))));
    } else if (dice < 75) {
      happens("hint lies", () -> coordinators.forEach(one -> one.hint(random.nextInt(3) > 0)));
    } else if (dice < 79) {
      happens("mischief", () -> coordinator.mischief(random.nextInt(3) > 0));
    } else {
      happens("clock jumps", () -> coordinator.time().jump(jump()));
    }
  }

  private void operatorsWork(int dice, SimCoordinator coordinator) {
    if (dice < 84) {
      verify(coordinator);
    } else {
      happens(
          "checkpoint", () -> coordinator.operate("checkpoint", SimCoordinator.Parts::checkpoint));
    }
  }

  private String state(SimCoordinator coordinator) {
    return coordinators.indexOf(coordinator) + " " + coordinator.state();
  }

  private void happens(String what, Runnable event) {
    history.add(site.schedule().nanos() / 1_000_000 + " ms: " + what);
    event.run();
  }

  private SimHost other(SimHost host) {
    return hosts.get((hosts.indexOf(host) + 1) % hosts.size());
  }

  private Duration jump() {
    return Duration.ofHours(random.nextInt(-3, 4)).plusMillis(random.nextInt(5000));
  }

  /** Agents look for the leader, and sometimes find another. */
  private SimCoordinator choose() {
    return coordinators.stream()
        .filter(one -> one.leads() && random.nextInt(8) > 0)
        .findFirst()
        .orElseGet(() -> coordinators.get(random.nextInt(COORDINATORS)));
  }

  private void backup(SimHost host) {
    happens(
        "backup of " + hosts.indexOf(host),
        () -> activities.add(host.backup(choose(), host.newRun(), random.nextInt(6) == 0)));
  }

  private void repeat(SimHost host) {
    if (!host.runs().isEmpty()) {
      happens(
          "a run of " + hosts.indexOf(host) + " again",
          () -> {
            List<RunId> all = host.runs();
            activities.add(host.backup(choose(), all.get(random.nextInt(all.size())), false));
          });
    }
  }

  private void restore(SimHost host) {
    List<SimHost.Acknowledged> all = host.acknowledged();
    if (!all.isEmpty()) {
      happens(
          "restore",
          () ->
              activities.add(
                  host.restore(choose(), all.get(random.nextInt(all.size())), answers())));
    }
  }

  /** In some worlds what answers a restore stands in with a hostile host. */
  private Answers answers() {
    return forges && random.nextInt(2) == 0 ? Answers.FORGED : Answers.HONEST;
  }

  private void killOrStart(SimCoordinator coordinator) {
    if (coordinator.isRunning()) {
      coordinator.crash();
      if (random.nextBoolean()) {
        coordinator.start();
      }
    } else {
      coordinator.start();
    }
  }

  private void loseCatalog(SimCoordinator coordinator) {
    if (coordinator.isRunning()) {
      coordinator.crash();
    }
    coordinator.loseCatalog();
    coordinator.start();
  }

  private void cutPower() {
    coordinators.stream().filter(SimCoordinator::isRunning).forEach(SimCoordinator::crash);
    site.disk().cutPower(random.nextBoolean() ? PowerLoss.SOME : PowerLoss.ALL);
    coordinators.forEach(SimCoordinator::start);
  }

  private void goDark() {
    site.disk().goDarkAfter(random.nextInt(60));
    for (int i = 0; i < 40 && !site.disk().isDark(); i++) {
      site.schedule().run(50);
    }
    cutPower();
  }

  private void verify(SimCoordinator coordinator) {
    verify(coordinator, level(!random.nextBoolean()));
  }

  private ProofLevel level(boolean deep) {
    return deep && !site.seams().isPrivate()
        ? ProofLevel.PROOF_LEVEL_PROVEN
        : ProofLevel.PROOF_LEVEL_CHECKED;
  }

  private void verify(SimCoordinator coordinator, ProofLevel level) {
    happens(
        "verify",
        () ->
            coordinator.operate(
                "verify",
                parts ->
                    new Verify(parts.proof, coordinator.lanes())
                        .run(level, Optional.empty(), new NoListener())));
  }

  /** One bit of a pack. */
  private record Flip(PackId pack, int at, byte mask) {}

  /**
   * In some worlds one bit of a sealed chunk in a registered pack turns; for good, or until the
   * disk reads it again as it was.
   */
  private void flip() {
    if (!damages) {
      return;
    }
    List<KnownPack> packs = new ArrayList<>();
    try (CatalogView view = invariants.witness().view()) {
      view.packs().forEach(packs::add);
    }
    if (!packs.isEmpty()) {
      RegisteredPack pack = packs.get(random.nextInt(packs.size())).pack();
      int chunks = (int) (pack.sizeBytes() - pack.footerLength() - PackLayout.TRAILER_LENGTH);
      int at = PackLayout.HEADER_LENGTH + random.nextInt(chunks - PackLayout.HEADER_LENGTH);
      damage.damaged(pack.id());
      Flip flip = new Flip(pack.id(), at, (byte) (1 << random.nextInt(8)));
      flips.add(flip);
      turn(flip);
    }
  }

  private void turn(Flip flip) {
    Path pack = Site.VAULT.resolve(PackLayout.objectName(flip.pack));
    if (site.disk().durable(pack).isPresent()) { // else a sweep has deleted it
      site.disk()
          .damage(
              pack,
              bytes -> {
                bytes[flip.at] ^= flip.mask;
                return bytes;
              });
    }
  }

  /** What was recorded as lost is there again, and has to be found. */
  private void mendAll(SimCoordinator leader) {
    happens("all bits turn back", () -> flips.forEach(this::turn));
    flips.clear();
    verify(leader, level(true));
    site.schedule().pass(12 * SECOND);
    damage.mended();
  }

  /** In some worlds a host lies. */
  private void poison(SimHost host) {
    if (poisons) {
      happens(
          "host " + hosts.indexOf(host) + " lies",
          () -> {
            damage.lied(host);
            List<Lie> lies = List.of(Lie.values());
            Lie lie = lies.get(random.nextInt(lies.size()));
            activities.add(host.lie(choose(), lie, SimTree.largeContent(random)));
          });
    }
  }

  private void crashHost() {
    activities.stream()
        .filter(activity -> !activity.isDone())
        .findAny()
        .ifPresent(SimHost.Activity::crash);
  }

  private void check() {
    activities.removeIf(SimHost.Activity::isDone);
    invariants.check(coordinators, hosts, checkedAcks);
    checkRestored();
  }

  private void checkRestored() {
    for (SimHost host : hosts) {
      for (SimHost.Restored restored : host.takeRestored()) {
        invariants.restoredIsIdenticalOrNamed(restored, calm);
        SimCoordinator.deleteTree(restored.directory());
      }
    }
  }

  /** Everything works from here on: all that was acknowledged is there, and a backup succeeds. */
  void settle() {
    happens(
        "calm",
        () -> {
          coordinators.stream().filter(SimCoordinator::isRunning).forEach(SimCoordinator::crash);
          site.disk().heal();
          site.disk().cutPower(PowerLoss.ALL);
          coordinators.forEach(SimCoordinator::start);
          coordinators.forEach(one -> one.hint(coordinators.indexOf(one) == 0));
        });
    SimCoordinator leader = coordinators.getFirst();
    site.schedule().runUntil("a quiet site gets a leader", 60 * SECOND, leader::leads);
    finishActivities();
    check();
    calm = true;
    poison(hosts.get(random.nextInt(hosts.size())));
    for (SimHost host : hosts) {
      quietBackup(host, leader);
    }
    leader.listsLie();
    verify(leader);
    site.schedule().pass(12 * SECOND);
    check();
    if (mends) {
      mendAll(leader);
      check();
    }
    invariants.whatIsProvenIsGood();
    if (prunes) {
      sweepToTheEnd(leader);
    }
    for (SimHost host : hosts) {
      host.acknowledged().forEach(invariants::acknowledgedIsDurableAndWhole);
      restoreLast(host, leader, Answers.HONEST);
      restoreLast(host, leader, answers());
    }
    rebuild(leader);
    check();
  }

  /** Forgets some snapshots, condemns, lets two checkpoints pass and deletes. */
  private void sweepToTheEnd(SimCoordinator leader) {
    happens(
        "the last deletions",
        () -> leader.operate("delete", parts -> parts.prune.delete(pruning, invariants.deleted())));
    site.schedule().pass(SECOND);
    coordinators.forEach(one -> one.time().jump(SimPrune.UNDO.plusHours(1)));
    happens("and their end", () -> leader.operate("drop", parts -> parts.prune.drop()));
    site.schedule().pass(SECOND);
    happens(
        "the last sweeps",
        () ->
            leader.operate(
                "last sweeps",
                parts -> {
                  parts.sweeper.sweep();
                  parts.checkpoint();
                  parts.checkpoint();
                  parts.sweeper.sweep();
                }));
    site.schedule().pass(20 * SECOND);
    check();
  }

  private void finishActivities() {
    site.schedule()
        .runUntil(
            "all that hosts do ends",
            120 * SECOND,
            () -> activities.stream().allMatch(SimHost.Activity::isDone));
  }

  private void quietBackup(SimHost host, SimCoordinator leader) {
    happens(
        "last backup of " + hosts.indexOf(host),
        () -> {
          SimHost.Activity last = host.backup(leader, host.newRun(), false);
          activities.add(last);
          finishActivities();
          Claims.claim(
              "aQuietSiteTakesABackup (I5)",
              last.failure().isEmpty() || damage.any() || damage.isHostile(host),
              last.failure() + "");
        });
    check();
  }

  private void restoreLast(SimHost host, SimCoordinator leader, Answers answers) {
    List<SimHost.Acknowledged> all =
        host.acknowledged().stream().filter(invariants::isLive).toList();
    if (!all.isEmpty()) {
      SimHost.Activity last = host.restore(leader, all.get(random.nextInt(all.size())), answers);
      activities.add(last);
      finishActivities();
      Claims.claim(
          "aQuietSiteRestores (I1)",
          last.failure().isEmpty() || damage.any() || damage.isHostile(host),
          last.failure() + "");
      checkRestored();
    }
  }

  /** A catalog made of the vault alone comes to the same (I3). */
  private void rebuild(SimCoordinator coordinator) {
    coordinator.crash();
    coordinator.loseCatalog();
    coordinator.start();
    site.schedule().runUntil("a rebuilt catalog leads", 60 * SECOND, coordinator::leads);
    site.schedule().pass(SECOND);
    invariants.witness().advance(Long.MAX_VALUE);
    try (CatalogView view = coordinator.parts().ledger.view()) {
      Claims.claim(
          "aRebuiltCatalogEqualsAFreshReplay (I3)",
          view.appliedSeq() == invariants.witness().seq()
              && view.digest().equals(invariants.witness().digest()),
          "at " + view.appliedSeq() + " and " + invariants.witness().seq());
    }
  }

  @Override
  public void close() {
    coordinators.stream().filter(SimCoordinator::isRunning).forEach(SimCoordinator::crash);
    activities.forEach(SimHost.Activity::crash);
    site.schedule().run(20_000);
  }

  private static final class NoListener implements VerifyListener {
    @Override
    public void progress(VerifyTally tally) {}

    @Override
    public void fault(Fault fault) {}
  }
}
