package io.holdfast.agent.node;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.postgres.ClusterSource;
import io.holdfast.agent.postgres.LogArchives;
import io.holdfast.agent.postgres.PostgresPorts;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.util.Optional;

/** PostgreSQL clusters of this host: base backups as ordered, and logs between them. Any thread. */
final class Clusters implements AutoCloseable {
  private final PostgresPorts ports;
  private final LogArchives archives;

  Clusters(PostgresPorts ports, PostgresPorts.Commits commits) {
    this.ports = ports;
    this.archives = new LogArchives(ports, commits);
  }

  /** Archives nothing any more for {@code host}, which this one was: its slots go. */
  static void giveUp(AgentConfig config, StateDirectory state, String host, Time time)
      throws InterruptedException {
    PostgresPorts ports =
        new PostgresPorts(
            config.postgres().psql(),
            state.root(),
            state.scratch(),
            host,
            Runnable::run,
            new RateLimit(time, 0),
            time,
            config.postgres().archiveEvery(),
            config.postgres().archiveKeep());
    PostgresPorts.Commits none =
        (names, content) -> {
          throw new IllegalStateException("nothing is committed here any more");
        };
    try (LogArchives archives = new LogArchives(ports, none)) {
      archives.giveUp();
    }
  }

  /** Goes on with the archives that were ordered before. */
  void start() {
    archives.start();
  }

  /**
   * A base backup; the log is archived from now on, or not any more, as {@code order} says.
   *
   * @param job id of the job, in letters and digits
   */
  SourceCursor open(PostgresSource order, String job, RateLimit rate, Gaps gaps)
      throws InterruptedException {
    Optional<String> trouble = archives.follow(order);
    return new ClusterSource(ports, order, job).open(gaps, rate, trouble);
  }

  /** What was wrong with the archive stands among the snapshot's gaps. */
  void committed(PostgresSource order, BackupResult done) {
    done.gaps().forEach(gap -> archives.told(order, gap.text()));
  }

  @Override
  public void close() {
    archives.close();
  }
}
