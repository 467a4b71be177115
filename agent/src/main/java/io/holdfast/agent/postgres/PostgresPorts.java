package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.seam.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What backups of clusters stand on.
 *
 * @param client the server's client program, psql
 * @param state the agent's own directory, which no backup takes
 * @param scratch for sorting large directories
 * @param host of this agent, in letters and digits
 * @param reading how fast files are read, all together
 * @param archiveEvery how often the log is stored between base backups
 * @param archiveKeep how much of it a snapshot of the archive goes back
 */
public record PostgresPorts(
    Path client,
    Path state,
    Path scratch,
    String host,
    Executor readers,
    RateLimit reading,
    Time time,
    Duration archiveEvery,
    Duration archiveKeep) {
  /** Makes a snapshot that nobody ordered; returns when it is committed. */
  @FunctionalInterface
  public interface Commits {
    void commit(List<byte[]> sources, BackupPorts.Sources content) throws InterruptedException;
  }
}
