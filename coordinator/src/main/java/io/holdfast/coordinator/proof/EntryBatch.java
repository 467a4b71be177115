package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.proto.stored.v1.LossCause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Examines what some items need examined: planned from one view, read in the order of packs with
 * neighbours in one read, opened, reported. One thread.
 */
final class EntryBatch {
  /** Takes what a page refers to. */
  interface PageVisitor {
    void page(WalkItem page, List<WalkItem> references) throws InterruptedException;
  }

  /** Entries that a store failed to give, after which it isn't asked on. */
  static final int UNANSWERED_LIMIT = 16;

  private static final Comparator<Planned> PACK_ORDER =
      Comparator.comparing((Planned planned) -> planned.location.pack())
          .thenComparingInt(planned -> planned.location.offset());

  private record Planned(WalkItem item, Location location) {}

  private final ProofPorts ports;
  private final SealedReads reads;
  private final ChunkExam exam;
  private final Pace pace;
  private final WalkScope scope;
  private final Predicate<Location> concerned;
  private int unanswered;

  /** {@code concerned} are the locations to examine, until one of them is settled. */
  EntryBatch(
      ProofPorts ports, ChunkExam exam, Pace pace, WalkScope scope, Predicate<Location> concerned) {
    this.ports = ports;
    this.reads = new SealedReads(ports.vault());
    this.exam = exam;
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
    failed.addAll(open);
    return failed;
  }

  /** One pass over the items that have no good location yet. */
  private final class Round {
    private final PageVisitor visitor;
    private final List<Planned> plan = new ArrayList<>();
    private final List<WalkItem> failed;

    /** Chunks that need no further look: good, or failed. */
    private final Set<ChunkRef> done = new HashSet<>();

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
      boolean counts = false;
      for (Location at : view.chunks().locations(item.chunk())) {
        if (concerned.test(at)) {
          counts = true;
          if (!scope.isSettled(at)) {
            plan.add(new Planned(item, at));
          } else if (settled.isEmpty()) {
            settled = Optional.of(at);
          }
        }
      }
      if (!counts) {
        scope.missing(item.chunk());
        failed.add(item);
        done.add(item.chunk());
      } else if (settled.isPresent() && item.isPage()) {
        plan.add(new Planned(item, settled.get()));
      } else if (settled.isPresent()) {
        done.add(item.chunk());
      }
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
    }

    private void readPack(PackId pack, List<Planned> entries) throws InterruptedException {
      PackFooter footer;
      try (CatalogView view = ports.views().get()) {
        footer = footer(pack, view);
      } catch (HoldfastException e) {
        Reading reading = footerUnreadable(pack, e);
        for (Planned planned : entries) {
          report(planned, reading);
        }
        return;
      }
      int from = 0;
      while (from < entries.size()) {
        int to = endOfRun(entries, from);
        readRun(footer, entries.subList(from, to));
        from = to;
      }
    }

    private void readRun(PackFooter footer, List<Planned> run) throws InterruptedException {
      Location first = run.getFirst().location;
      Location last = run.getLast().location;
      int length = last.offset() + last.sealedLength() - first.offset();
      pace.take(length);
      byte[] bytes;
      try {
        bytes = ports.packs().read(first.pack(), first.offset(), length);
      } catch (HoldfastException e) {
        for (Planned planned : run) {
          report(
              planned,
              e.kind() == ErrorKind.RETRY
                  ? new Reading.Untold(e)
                  : judge(footer, planned, reads.again(footer, planned.location.entry())));
        }
        return;
      }
      for (Planned planned : run) {
        int entry = planned.location.entry();
        int offset = planned.location.offset() - first.offset();
        report(planned, judge(footer, planned, reads.judge(footer, entry, bytes, offset)));
      }
    }

    /** Opens what was read intact; whoever sealed it wrong has lost it. */
    private Reading judge(PackFooter footer, Planned planned, Reading reading)
        throws InterruptedException {
      return switch (reading) {
        case Reading.Intact intact -> open(footer, planned, intact);
        case Reading.Lost gone -> gone;
        case Reading.Untold untold -> untold;
      };
    }

    private Reading open(PackFooter footer, Planned planned, Reading.Intact intact)
        throws InterruptedException {
      List<WalkItem> references;
      try {
        references = exam.open(planned.item, footer, planned.location.entry(), intact);
      } catch (HoldfastException e) {
        return e.kind() == ErrorKind.CORRUPT
            ? new Reading.Lost(LossCause.LOSS_CAUSE_PROOF_FAILED, e)
            : new Reading.Untold(e);
      }
      if (done.add(planned.item.chunk()) && planned.item.isPage()) {
        visitor.page(planned.item, references);
      }
      return intact;
    }

    private void report(Planned planned, Reading reading) throws InterruptedException {
      ChunkRef chunk = planned.item.chunk();
      switch (reading) {
        case Reading.Intact intact -> scope.good(planned.location, chunk);
        case Reading.Lost(LossCause cause, HoldfastException why) -> {
          lost = true;
          scope.lost(planned.location, chunk, cause, why);
        }
        case Reading.Untold(HoldfastException why) -> {
          scope.untold(planned.location, chunk, why);
          giveUpIfUnanswered(why);
        }
      }
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
    if (why.kind() == ErrorKind.RETRY && ++unanswered >= UNANSWERED_LIMIT) {
      throw why;
    }
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
