package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.ScheduledRun;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Effects of jobs. A job is open from its order to its end, or to the commit of its run. The newest
 * {@link #KEPT_MAX} that are younger than {@link #KEPT} are kept.
 */
final class JobChanges {
  /** Some 200 bytes each: what a thousand hosts do in a month, hour after hour. */
  static final long KEPT_MAX = 1_000_000;

  static final Duration KEPT = Duration.ofDays(400);

  /** With each job that comes: more than one, so that a backlog shrinks. */
  private static final int TAKEN_AWAY = 2;

  private static final Comparator<ScheduledRun> LATER =
      Comparator.comparingLong(ScheduledRun::getNominalSeconds)
          .thenComparing(ScheduledRun::getAttempt, Integer::compareUnsigned);

  private record Aged(long timeMillis, JobId job, HostId host) {}

  private JobChanges() {}

  static void order(JobOrdered change, Mutation mutation, Effects effects) {
    JobId job = Fields.job(change.getJob());
    HostId host = Fields.host(change.getHost());
    if (effects.has(Families.JOBS, job.toByteArray()) || !isLater(change, effects)) {
      effects.ignore();
      return;
    }
    takeOldAway(effects);
    if (change.hasScheduled()) {
      Fields.run(change.getRun());
      byte[] series = Fields.series(change.getScheduled().getSeries()).toByteArray();
      effects.put(Families.SERIES, series, effects.recorded(mutation));
    }
    if (!change.getRun().isEmpty()) {
      byte[] run = Keys.run(host, Fields.run(change.getRun()));
      effects.put(Families.JOB_RUNS, run, job.toByteArray());
    }
    long now = effects.timeMillis();
    effects.put(Families.JOBS, job.toByteArray(), effects.recorded(mutation));
    effects.put(Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(), now, job), new byte[0]);
    effects.put(Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(host), now, job), new byte[0]);
    effects.put(Families.JOB_AGES, Keys.jobAge(now, job), host.toByteArray());
    effects.put(Families.OPEN_JOBS, job.toByteArray(), host.toByteArray());
    effects.count(Total.JOBS, 1);
  }

  /**
   * Whether no schedule asked for it, or for a later run of its series than any before, or another
   * attempt of the last one: whoever leads, a run is ordered once.
   */
  private static boolean isLater(JobOrdered change, Effects effects) {
    if (!change.hasScheduled()) {
      return true;
    }
    ScheduledRun run = change.getScheduled();
    return effects
        .get(Families.SERIES, Fields.series(run.getSeries()).toByteArray())
        .map(row -> Recorded.of(row).change().getJobOrdered().getScheduled())
        .filter(last -> LATER.compare(run, last) <= 0)
        .isEmpty();
  }

  /** The first end counts, unless it was only assumed and the host has its word now. */
  static void end(JobEnded change, Mutation mutation, Effects effects) {
    byte[] job = Fields.job(change.getJob()).toByteArray();
    boolean isSettled =
        effects
            .get(Families.JOB_ENDS, job)
            .filter(row -> !Recorded.of(row).change().getJobEnded().getAssumed())
            .isPresent();
    if (isSettled || !isOf(Fields.host(change.getHost()), job, effects)) {
      effects.ignore();
      return;
    }
    effects.put(Families.JOB_ENDS, job, effects.recorded(mutation));
    effects.delete(Families.OPEN_JOBS, job);
    if (change.getEnd() == JobEnd.JOB_END_COMPLETE && isRestore(job, effects)) {
      effects.put(Families.META, Keys.LAST_RESTORE, Keys.seq(effects.timeMillis()));
    }
  }

  private static boolean isRestore(byte[] job, Effects effects) {
    return effects
        .get(Families.JOBS, job)
        .filter(
            row -> Recorded.of(row).change().getJobOrdered().getKind() == JobKind.JOB_KIND_RESTORE)
        .isPresent();
  }

  private static boolean isOf(HostId host, byte[] job, Effects effects) {
    return effects
        .get(Families.JOBS, job)
        .filter(row -> Recorded.of(row).change().getJobOrdered().getHost().equals(bytes(host)))
        .isPresent();
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }

  /** What a backup's commit says of its job. */
  static void committed(HostId host, RunId run, Effects effects) {
    byte[] job = effects.get(Families.JOB_RUNS, Keys.run(host, run)).orElse(run.toByteArray());
    if (isOf(host, job, effects)) {
      effects.delete(Families.OPEN_JOBS, job);
    }
  }

  private static void takeOldAway(Effects effects) {
    long over = effects.total(Total.JOBS) - KEPT_MAX + 1;
    long oldest = effects.timeMillis() - KEPT.toMillis();
    for (Aged aged : oldest(effects)) {
      if (over > 0 || aged.timeMillis() < oldest) {
        takeAway(aged, effects);
        over--;
      }
    }
  }

  private static List<Aged> oldest(Effects effects) {
    List<Aged> found = new ArrayList<>(TAKEN_AWAY);
    try (Cursor cursor = effects.stored(Families.JOB_AGES)) {
      boolean more = cursor.seek(new byte[0]);
      for (; more && found.size() < TAKEN_AWAY; more = cursor.next()) {
        Aged aged = aged(cursor.key(), cursor.value());
        if (effects.has(Families.JOBS, aged.job().toByteArray())) {
          found.add(aged);
        }
      }
    }
    return found;
  }

  private static Aged aged(byte[] key, byte[] host) {
    long timeMillis = ByteBuffer.wrap(key).getLong() ^ Long.MIN_VALUE;
    return new Aged(
        timeMillis, JobId.of(Arrays.copyOfRange(key, Long.BYTES, key.length)), HostId.of(host));
  }

  private static void takeAway(Aged aged, Effects effects) {
    JobId job = aged.job();
    runOf(job, effects)
        .map(run -> Keys.run(aged.host(), run))
        .filter(run -> isAttemptOf(run, job, effects))
        .ifPresent(run -> effects.delete(Families.JOB_RUNS, run));
    effects.delete(Families.JOBS, job.toByteArray());
    effects.delete(Families.JOB_ENDS, job.toByteArray());
    effects.delete(Families.OPEN_JOBS, job.toByteArray());
    effects.delete(Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(), aged.timeMillis(), job));
    effects.delete(
        Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(aged.host()), aged.timeMillis(), job));
    effects.delete(Families.JOB_AGES, Keys.jobAge(aged.timeMillis(), job));
    effects.count(Total.JOBS, -1);
  }

  private static Optional<RunId> runOf(JobId job, Effects effects) {
    return effects
        .get(Families.JOBS, job.toByteArray())
        .map(row -> Recorded.of(row).change().getJobOrdered().getRun())
        .filter(run -> !run.isEmpty())
        .map(Fields::run);
  }

  private static boolean isAttemptOf(byte[] run, JobId job, Effects effects) {
    return effects
        .get(Families.JOB_RUNS, run)
        .filter(last -> Arrays.equals(last, job.toByteArray()))
        .isPresent();
  }
}
