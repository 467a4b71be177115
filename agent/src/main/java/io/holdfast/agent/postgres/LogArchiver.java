package io.holdfast.agent.postgres;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a cluster's log as it grows, on a thread of its own.
 *
 * <ul>
 *   <li>L1 A slot keeps every segment in the server until the snapshot that has it is committed:
 *       first the commit, then the list of what is archived, then the slot is moved on. Stopped in
 *       between, the next round stores the same once more, which costs nothing.
 *   <li>L2 Each snapshot has the whole archive: retention may drop any but the newest.
 *   <li>L3 A segment that isn't full yet is stored as far as the server has flushed it, under a
 *       name of its own, so that what is lost with the host is never older than a round.
 *   <li>L4 Where the chain breaks (the slot fell behind or was dropped), it is said with the next
 *       base backup, and in the log at once; what follows is archived.
 * </ul>
 */
final class LogArchiver implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LogArchiver.class);

  private final PostgresPorts ports;
  private final PostgresPorts.Commits commits;
  private final PostgresSource order;
  private final ServerAddress server;
  private final Layout layout;
  private final Path list;
  private final AtomicReference<String> trouble = new AtomicReference<>("");
  private Lsn stored = new Lsn(0);
  private String lastFailure = "";

  /**
   * @param list where the list of what is archived lies
   */
  LogArchiver(PostgresPorts ports, PostgresPorts.Commits commits, PostgresSource order, Path list) {
    this.ports = ports;
    this.commits = commits;
    this.order = order;
    this.server = ServerAddress.of(order);
    this.layout = Layout.of(server);
    this.list = list;
  }

  PostgresSource order() {
    return order;
  }

  /** Rounds until interrupted. */
  @Override
  public void run() {
    try {
      while (true) {
        attempt();
        ports.time().sleep(ports.archiveEvery());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the agent stops, or the order changed
    }
  }

  private void attempt() throws InterruptedException {
    try {
      round();
      if (!lastFailure.isEmpty()) {
        LOG.info("the log of the PostgreSQL server at {} is archived again", server);
      }
      lastFailure = "";
    } catch (HoldfastException e) {
      boolean stopped = Thread.currentThread().isInterrupted();
      if (!stopped && !lastFailure.equals(e.getMessage())) {
        LOG.error(
            "the log of the PostgreSQL server at {} can't be archived, and collects there: {}",
            server,
            e.getMessage());
      }
      lastFailure = String.valueOf(e.getMessage());
    }
  }

  /** What broke the chain, until somebody was {@link #told}. Any thread, also during a round. */
  Optional<String> trouble() {
    return Optional.of(trouble.get()).filter(text -> !text.isEmpty());
  }

  /** {@code text} stands in a job's result. */
  void told(String text) {
    trouble.updateAndGet(current -> current.equals(text) ? "" : current);
  }

  /** Stores what the log has got since the last round. */
  synchronized void round() throws InterruptedException {
    try (PsqlSession session = PsqlSession.open(ports.client(), server)) {
      Cluster cluster = Cluster.ask(session, server);
      Optional<Lsn> found = new LogSlot(session, ports.host()).keep();
      Lsn kept = found.isPresent() ? found.get() : replaced(session);
      List<String> now =
          session.row("SELECT l, pg_walfile_name(l) FROM pg_current_wal_flush_lsn() AS l");
      Lsn flushed = Lsn.parse(now.get(0));
      if (flushed.compareTo(stored) <= 0) {
        return;
      }
      int timeline = Integer.parseUnsignedInt(now.get(1).substring(0, 8), 16);
      store(session, cluster, kept, flushed, timeline);
      stored = flushed;
    }
  }

  private Lsn replaced(PsqlSession session) throws InterruptedException {
    broken("the server gave up keeping the log for it, see its max_slot_wal_keep_size");
    return new LogSlot(session, ports.host()).replace();
  }

  private void broken(String why) {
    String text =
        "the archive of the log has a gap, so that no restore gets across "
            + ports.time().now()
            + ": "
            + why;
    trouble.set(text);
    LOG.error("PostgreSQL server at {}: {}", server, text);
  }

  private void store(PsqlSession session, Cluster cluster, Lsn kept, Lsn flushed, int timeline)
      throws InterruptedException {
    LogDirectory log =
        new LogDirectory(cluster, ClusterCursor.owner(cluster.directory()), ports.reading());
    ArchiveIndex index = new ArchiveIndex(list, cluster.segmentBytes());
    ArchiveIndex.Chain chain = chain(index);
    long from = first(chain, kept.segment(cluster.segmentBytes()));
    long current = flushed.segment(cluster.segmentBytes());
    int within = flushed.withinSegment(cluster.segmentBytes());
    ArchiveCursor.Content content =
        new ArchiveCursor.Content(
            kept(chain.segments()),
            fresh(log, from, current, timeline),
            within == 0 ? Optional.empty() : Optional.of(new WalSegment(timeline, current)),
            within);
    commits.commit(
        List.of(server.archiveSource()), (plan, gaps) -> new ArchiveCursor(layout, log, content));
    WalSegment next = new WalSegment(timeline, current);
    index.write(content.all(), next);
    Lsn full = next.start(cluster.segmentBytes());
    if (full.compareTo(kept) > 0) {
      new LogSlot(session, ports.host()).advance(full);
    }
  }

  private ArchiveIndex.Chain chain(ArchiveIndex index) {
    try {
      return index.read();
    } catch (HoldfastException e) {
      broken(e.getMessage() + "; earlier snapshots of the archive have what came before");
      return ArchiveIndex.Chain.NONE;
    }
  }

  /** The number of the first segment that isn't archived in full. */
  private long first(ArchiveIndex.Chain chain, long kept) {
    long next = chain.next().map(WalSegment::number).orElse(kept);
    if (next < kept) {
      broken("its slot in the server was dropped or moved on by somebody else");
    }
    return Math.max(next, kept);
  }

  private List<ArchiveIndex.Archived> fresh(LogDirectory log, long from, long to, int timeline) {
    List<ArchiveIndex.Archived> fresh = new ArrayList<>();
    for (long number = from; number < to; number++) {
      fresh.add(find(log, number, timeline));
    }
    return fresh;
  }

  /** A segment of this timeline, or of the one that this branched from. */
  private ArchiveIndex.Archived find(LogDirectory log, long number, int timeline) {
    int segmentBytes = log.cluster().segmentBytes();
    for (int branch = timeline; branch > 0; branch--) {
      WalSegment segment = new WalSegment(branch, number);
      Optional<FileStat> file = log.find(segment.name(segmentBytes));
      if (file.isPresent()) {
        return new ArchiveIndex.Archived(
            segment, file.get().modifySeconds(), file.get().modifyNanos());
      }
    }
    throw new HoldfastException(
        ErrorCode.WAL_MISSING,
        "segment "
            + new WalSegment(timeline, number).name(segmentBytes)
            + " isn't in "
            + log.cluster().log()
            + ", though a slot keeps it: see what removed it; dropping the slot holdfast_"
            + ports.host()
            + " begins the archive anew after it");
  }

  /** Without what is too old, or too much. */
  private List<ArchiveIndex.Archived> kept(List<ArchiveIndex.Archived> archived) {
    long oldest = ports.time().now().minus(ports.archiveKeep()).getEpochSecond();
    List<ArchiveIndex.Archived> young =
        archived.stream().dropWhile(each -> each.seconds() < oldest).toList();
    return young.subList(Math.max(0, young.size() - ArchiveIndex.SEGMENTS_MAX), young.size());
  }

  /** Gives up the slot, so that the server need not keep its log for nobody. */
  synchronized void end() throws InterruptedException {
    try (PsqlSession session = PsqlSession.open(ports.client(), server)) {
      new LogSlot(session, ports.host()).drop();
    }
  }
}
