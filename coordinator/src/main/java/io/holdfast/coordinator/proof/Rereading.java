package io.holdfast.coordinator.proof;

import io.holdfast.common.id.PackId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every pack again and again, from end to end, each within a time: disks forget without being
 * asked. Level checked, so that no key is needed; what is found bad is recorded as a loss, as a
 * verification does.
 *
 * <ol>
 *   <li>I1: a pack counts as read only if all of it was, and by record.
 *   <li>I2: from half of the time on a pack is read while nobody moves data; from nine tenths of it
 *       on, whoever does: what is late then is late for another reason, which is an alarm.
 *   <li>I3: a pack that can't be read now is put off, and keeps none behind it waiting.
 * </ol>
 *
 * <p>What is recorded as lost is looked for now and then, too ({@link LostAndFound}).
 *
 * <p>One owner thread polls. Memory: one run of a pack.
 */
public final class Rereading {
  private static final Logger LOG = LoggerFactory.getLogger(Rereading.class);

  /** Packs journalled together. */
  private static final int BATCH = 16;

  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final int PUT_OFF_MAX = 4_096;

  /** Of the time, in tenths: then hosts don't go first any more. */
  private static final int WAITED = 9;

  private final ProofPorts ports;
  private final ProofConfig config;
  private final Duration within;
  private final Time time;
  private final Pace pace;
  private final DataActivity activity;
  private final LostAndFound lost;
  private final Map<PackId, Long> notBeforeNanos = new LinkedHashMap<>();
  private long lookForLostNanos;

  /**
   * Nothing is read yet.
   *
   * @param within every pack is read once in that time
   * @param activity what it stays out of the way of
   */
  public Rereading(
      ProofPorts ports, ProofConfig config, Duration within, Time time, DataActivity activity) {
    this.ports = ports;
    this.config = config;
    this.within = within;
    this.time = time;
    this.pace = Pace.bytesPerSecond(config.bytesPerSecond(), time);
    this.activity = activity;
    this.lost = new LostAndFound(ports, pace);
    this.lookForLostNanos = time.nanos();
  }

  /**
   * Reads some packs, if any are due and it is their turn. Errors of the catalog and of
   * journalling.
   *
   * @return how long nothing is to do
   */
  public Duration poll() throws InterruptedException {
    lookForLost();
    int read = 0;
    VerifyFindings findings = new VerifyFindings(ports, ProofLevel.PROOF_LEVEL_CHECKED, new Told());
    ProofRecorder checked = new ProofRecorder(ports, ProofLevel.PROOF_LEVEL_CHECKED);
    for (LastRead pack : due()) {
      if (!isItsTurn(pack)) {
        break; // and so of none behind it
      }
      pace.take(pack.pack().pack().sizeBytes());
      PackCheck check = new PackCheck(ports.vault(), pack.pack()).run();
      findings.take(check, checked);
      if (check.isToldWhole()) {
        read++;
      } else {
        putOff(check.pack());
      }
    }
    checked.flush();
    if (findings.faults() > 0) {
      findings.finish(SnapshotsInOrder.ofAll(ports.views()));
    }
    return read == BATCH ? Duration.ZERO : LOOK;
  }

  private void lookForLost() throws InterruptedException {
    if (lookForLostNanos - time.nanos() <= 0) {
      lookForLostNanos = time.nanos() + config.retryInterval().toNanos();
      lost.look(() -> {});
    }
  }

  private List<LastRead> due() {
    long dueMillis = time.now().minus(within.dividedBy(2)).toEpochMilli();
    try (CatalogView view = ports.views().get()) {
      return view.packs().leastRecentlyRead(BATCH + notBeforeNanos.size()).stream()
          .filter(pack -> pack.readMillis() <= dueMillis)
          .filter(pack -> !isPutOff(pack.pack().pack().id()))
          .limit(BATCH)
          .toList();
    }
  }

  private boolean isItsTurn(LastRead pack) {
    Duration waited = within.multipliedBy(WAITED).dividedBy(10);
    boolean hasWaited = pack.readMillis() <= time.now().minus(waited).toEpochMilli();
    return hasWaited || activity.isIdle(config.idle());
  }

  private void putOff(PackId pack) {
    notBeforeNanos.put(pack, time.nanos() + config.retryInterval().toNanos());
    if (notBeforeNanos.size() > PUT_OFF_MAX) {
      notBeforeNanos.remove(notBeforeNanos.keySet().iterator().next());
    }
  }

  private boolean isPutOff(PackId pack) {
    Long until = notBeforeNanos.get(pack);
    if (until != null && until - time.nanos() <= 0) {
      notBeforeNanos.remove(pack);
      return false;
    }
    return until != null;
  }

  /** Faults go to the log, with the files that need what is bad. */
  private static final class Told implements VerifyListener {
    @Override
    public void progress(VerifyTally tally) {}

    @Override
    public void fault(Fault fault) {
      LOG.error(
          "ALARM: re-reading the vault found: {}; {} files of snapshots need it",
          fault.error().getMessage(),
          fault.files().size());
    }
  }
}
