package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Effects of jobs. A job is open from its order to its end, or to the commit of the run that bears
 * its id. The newest {@link #KEPT_MAX} that are younger than {@link #KEPT} are kept.
 */
final class JobChanges {
  /** Some 200 bytes each: what a thousand hosts do in a month, hour after hour. */
  static final long KEPT_MAX = 1_000_000;

  static final Duration KEPT = Duration.ofDays(400);

  /** With each job that comes: more than one, so that a backlog shrinks. */
  private static final int TAKEN_AWAY = 2;

  private record Aged(long timeMillis, JobId job, HostId host) {}

  private JobChanges() {}

  static void order(JobOrdered change, Mutation mutation, Effects effects) {
    JobId job = Fields.job(change.getJob());
    HostId host = Fields.host(change.getHost());
    if (effects.has(Families.JOBS, job.toByteArray())) {
      effects.ignore();
      return;
    }
    takeOldAway(effects);
    long now = effects.timeMillis();
    effects.put(Families.JOBS, job.toByteArray(), effects.recorded(mutation));
    effects.put(Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(), now, job), new byte[0]);
    effects.put(Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(host), now, job), new byte[0]);
    effects.put(Families.JOB_AGES, Keys.jobAge(now, job), host.toByteArray());
    effects.put(Families.OPEN_JOBS, job.toByteArray(), host.toByteArray());
    effects.count(Total.JOBS, 1);
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
    if (isOf(host, run.toByteArray(), effects)) {
      effects.delete(Families.OPEN_JOBS, run.toByteArray());
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
    effects.delete(Families.JOBS, job.toByteArray());
    effects.delete(Families.JOB_ENDS, job.toByteArray());
    effects.delete(Families.OPEN_JOBS, job.toByteArray());
    effects.delete(Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(), aged.timeMillis(), job));
    effects.delete(
        Families.JOB_ORDER, Keys.jobOrder(Keys.jobOrder(aged.host()), aged.timeMillis(), job));
    effects.delete(Families.JOB_AGES, Keys.jobAge(aged.timeMillis(), job));
    effects.count(Total.JOBS, -1);
  }
}
