package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.rpc.Futures;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.proto.stored.v1.LossCause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Examines what some items need examined: planned from one view, read in the order of packs with
 * neighbours in one read, opened, reported in that order. One thread, beside those of the
 * examiners.
 */
final class EntryBatch {
  /** Takes what a page refers to. */
  interface PageVisitor {
    void page(WalkItem page, List<WalkItem> references) throws InterruptedException;
  }

  /** Entries that a store failed to give, after which it isn't asked on. */
  static final int UNANSWERED_LIMIT = 16;

  /** Locations that are looked at in place of those that count. */
  private static final int OTHERS_LIMIT = 8;

  private static final Comparator<Planned> PACK_ORDER =
      Comparator.comparing((Planned planned) -> planned.location.pack())
          .thenComparingInt(planned -> planned.location.offset());

  private record Planned(WalkItem item, Location location) {}

  /** What came of it, and of a good page what that refers to. */
  private record Told(Planned planned, Reading reading, List<WalkItem> references) {}

  private final ProofPorts ports;
  private final SealedReads reads;
  private final Examiners examiners;
  private final Pace pace;
  private final WalkScope scope;
  private final Predicate<Location> concerned;

  /** Of which no location is concerned, so that others are looked at. */
  private final Set<ChunkRef> orphans = new HashSet<>();

  private int unanswered;

  /**
   * {@code concerned} are the locations to examine, until one of them is settled. Where there is
   * none, and the key is here, any other that is present will do: the id follows from the key, so
   * that what opens to it is the chunk, whoever uploaded it, and counts for everybody.
   */
  EntryBatch(
      ProofPorts ports,
      Examiners examiners,
      Pace pace,
      WalkScope scope,
      Predicate<Location> concerned) {
    this.ports = ports;
    this.reads = new SealedReads(ports.vault());
    this.examiners = examiners;
    this.pace = pace;
    this.scope = scope;
    this.concerned = concerned;
  }

  /**
   * Examines every location of {@code items} that is concerned and isn't settled, and pages in any
   * case; hands on what each good page refers to, once.
   *
   * @return the items of which no good location is left; empty if all is well
   */
  List<WalkItem> examine(Collection<WalkItem> items, PageVisitor visitor)
      throws InterruptedException {
    List<WalkItem> failed = new ArrayList<>();
    List<WalkItem> open = List.copyOf(items);
    boolean again = true;
    while (!open.isEmpty() && again) {
      Round round = new Round(visitor, failed);
      round.plan(open);
      round.readAll();
      scope.settle();
      open = round.open(open);
      again = round.lost; // what was lost no longer counts, and another location may take its place
    }
    for (WalkItem item : open) {
      if (orphans.contains(item.chunk())) {
        scope.missing(item.chunk()); // whatever the others are
      }
      failed.add(item);
    }
    orphans.clear();
    return failed;
  }

  /** One pass over the items that have no good location yet. */
  private final class Round {
    private final PageVisitor visitor;
    private final List<Planned> plan = new ArrayList<>();
    private final List<WalkItem> failed;

    /** Chunks that need no further look: good, or failed. */
    private final Set<ChunkRef> done = new HashSet<>();

    /** Runs of entries that are read and opened, in the order of the plan. */
    private final Queue<Future<List<Told>>> underWay = new ArrayDeque<>();

    private boolean lost;

    Round(PageVisitor visitor, List<WalkItem> failed) {
      this.visitor = visitor;
      this.failed = failed;
    }

    List<WalkItem> open(List<WalkItem> items) {
      return items.stream().filter(item -> !done.contains(item.chunk())).toList();
    }

    void plan(List<WalkItem> items) {
      try (CatalogView view = ports.views().get()) {
        Set<ChunkRef> planned = new HashSet<>();
        for (WalkItem item : items) {
          if (planned.add(item.chunk())) {
            plan(item, view);
          }
        }
      }
      plan.sort(PACK_ORDER);
    }

    private void plan(WalkItem item, CatalogView view) {
      Optional<Location> settled = Optional.empty();
      List<Location> wanted = wanted(item, view.chunks().locations(item.chunk()));
      for (Location at : wanted) {
        if (!scope.isSettled(at)) {
          plan.add(new Planned(item, at));
        } else if (settled.isEmpty()) {
          settled = Optional.of(at);
        }
      }
      if (wanted.isEmpty()) {
        scope.missing(item.chunk());
        failed.add(item);
        done.add(item.chunk());
      } else if (settled.isPresent() && item.isPage()) {
        plan.add(new Planned(item, settled.get()));
      } else if (settled.isPresent()) {
        done.add(item.chunk());
      }
    }

    /** If none is concerned, those that become so once they are opened and found good. */
    private List<Location> wanted(WalkItem item, List<Location> all) {
      List<Location> wanted = all.stream().filter(concerned).toList();
      if (!wanted.isEmpty() || item.key().isEmpty()) {
        return wanted;
      }
      orphans.add(item.chunk());
      return all.stream().filter(Location::present).limit(OTHERS_LIMIT).toList();
    }

    void readAll() throws InterruptedException {
      int from = 0;
      while (from < plan.size()) {
        PackId pack = plan.get(from).location.pack();
        int to = from;
        while (to < plan.size() && plan.get(to).location.pack().equals(pack)) {
          to++;
        }
        readPack(pack, plan.subList(from, to));
        from = to;
      }
      reportWhile(1);
    }

    private void readPack(PackId pack, List<Planned> entries) throws InterruptedException {
      PackFooter footer;
      try (CatalogView view = ports.views().get()) {
        footer = footer(pack, view);
      } catch (HoldfastException e) {
        Reading reading = footerUnreadable(pack, e);
        underWay.add(
            CompletableFuture.completedFuture(
                entries.stream().map(planned -> new Told(planned, reading, List.of())).toList()));
        reportWhile(examiners.ahead() + 1); // of a store that doesn't answer, no more is asked
        return;
      }
      int from = 0;
      while (from < entries.size()) {
        int to = endOfRun(entries, from);
        List<Planned> run = entries.subList(from, to);
        pace.take(lengthOf(run));
        underWay.add(examiners.examine(exam -> read(exam, footer, run)));
        reportWhile(examiners.ahead() + 1);
        from = to;
      }
    }

    /** Reports runs, in order, until fewer than {@code count} are under way. */
    private void reportWhile(int count) throws InterruptedException {
      while (underWay.size() >= count) {
        for (Told told : Futures.await(underWay.remove())) {
          report(told);
        }
      }
    }

    private void report(Told told) throws InterruptedException {
      WalkItem item = told.planned.item;
      Location at = told.planned.location;
      switch (told.reading) {
        case Reading.Intact intact -> {
          if (done.add(item.chunk()) && item.isPage()) {
            visitor.page(item, told.references);
          }
          scope.good(at, item.chunk());
        }
        case Reading.Lost(LossCause cause, HoldfastException why) -> {
          lost = true;
          scope.lost(at, item.chunk(), cause, why);
        }
        case Reading.Untold(HoldfastException why) -> {
          scope.untold(at, item.chunk(), why);
          giveUpIfUnanswered(why);
        }
      }
    }
  }

  // What an examiner does.

  private List<Told> read(ChunkExam exam, PackFooter footer, List<Planned> run) {
    Location first = run.getFirst().location;
    byte[] bytes;
    try {
      bytes = ports.packs().read(first.pack(), first.offset(), lengthOf(run));
    } catch (HoldfastException e) {
      return oneByOne(exam, footer, run, e);
    }
    List<Told> told = new ArrayList<>(run.size());
    for (Planned planned : run) {
      int entry = planned.location.entry();
      int offset = planned.location.offset() - first.offset();
      told.add(open(exam, footer, planned, reads.judge(footer, entry, bytes, offset)));
    }
    return told;
  }

  /** A run that couldn't be read as one; a store that doesn't answer isn't asked for the rest. */
  private List<Told> oneByOne(
      ChunkExam exam, PackFooter footer, List<Planned> run, HoldfastException why) {
    List<Told> told = new ArrayList<>(run.size());
    int untold = 0;
    for (int i = 0; i < run.size() && untold < UNANSWERED_LIMIT; i++) {
      Planned planned = run.get(i);
      Reading reading =
          why.kind() == ErrorKind.RETRY
              ? new Reading.Untold(why)
              : reads.again(footer, planned.location.entry());
      untold += reading instanceof Reading.Untold(HoldfastException e) && isUnanswered(e) ? 1 : 0;
      told.add(open(exam, footer, planned, reading));
    }
    return told;
  }

  /** Opens what was read intact; whoever sealed it wrong has lost it. */
  private static Told open(ChunkExam exam, PackFooter footer, Planned planned, Reading reading) {
    if (!(reading instanceof Reading.Intact intact)) {
      return new Told(planned, reading, List.of());
    }
    try {
      return new Told(
          planned, intact, exam.open(planned.item, footer, planned.location.entry(), intact));
    } catch (HoldfastException e) {
      Reading told =
          e.kind() == ErrorKind.CORRUPT
              ? new Reading.Lost(LossCause.LOSS_CAUSE_PROOF_FAILED, e)
              : new Reading.Untold(e);
      return new Told(planned, told, List.of());
    }
  }

  private PackFooter footer(PackId pack, CatalogView view) {
    try {
      return ports.footers().get(pack, view);
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT) {
        return ports.footers().get(pack, view); // read once more before it is believed
      }
      throw e;
    }
  }

  private Reading footerUnreadable(PackId pack, HoldfastException e) {
    return switch (e.code()) {
      case OBJECT_NOT_FOUND -> reads.gone(pack);
      case PACK_CORRUPT, MALFORMED -> new Reading.Lost(LossCause.LOSS_CAUSE_PACK_MISSING, e);
      default -> new Reading.Untold(e);
    };
  }

  /** A store that doesn't answer isn't asked for the rest of the snapshot. */
  private void giveUpIfUnanswered(HoldfastException why) {
    if (isUnanswered(why) && ++unanswered >= UNANSWERED_LIMIT) {
      throw why;
    }
  }

  private static boolean isUnanswered(HoldfastException why) {
    return why.kind() == ErrorKind.RETRY;
  }

  private static int lengthOf(List<Planned> run) {
    Location first = run.getFirst().location;
    Location last = run.getLast().location;
    return last.offset() + last.sealedLength() - first.offset();
  }

  private static int endOfRun(List<Planned> entries, int from) {
    Location first = entries.get(from).location;
    int to = from + 1;
    while (to < entries.size()) {
      Location before = entries.get(to - 1).location;
      Location next = entries.get(to).location;
      long gap = next.offset() - ((long) before.offset() + before.sealedLength());
      long span = (long) next.offset() + next.sealedLength() - first.offset();
      if (gap > PackReader.GAP_BYTES || span > PackReader.RUN_BYTES) {
        return to;
      }
      to++;
    }
    return to;
  }
}
