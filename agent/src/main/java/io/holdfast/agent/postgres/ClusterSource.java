package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.id.JobId;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.util.List;
import java.util.Optional;

/**
 * One ordered base backup of a cluster of this host. Made anew for each job; {@link #open} may be
 * called again, for a run that has to read once more.
 */
public final class ClusterSource {
  private final PostgresPorts ports;
  private final ServerAddress server;
  private final boolean fast;
  private final String name;
  private int begun;

  /** INVALID_ARGUMENT for an order that names no server. */
  public ClusterSource(PostgresPorts ports, PostgresSource order, JobId job) {
    this.ports = ports;
    this.server = ServerAddress.of(order);
    this.fast = order.getFastCheckpoint();
    this.name = "holdfast_" + job;
  }

  /** What the snapshot is of. */
  public List<byte[]> sources() {
    return List.of(server.source());
  }

  /**
   * The cluster's files, as of a moment that is yet to come. The server is first spoken to by the
   * first {@link SourceCursor#next}, which throws what it has against it.
   *
   * @param reading the order's own limit
   * @param trouble what went wrong with the log's archive since the last base backup
   */
  public SourceCursor open(Gaps gaps, RateLimit reading, Optional<String> trouble) {
    Layout layout = Layout.of(server);
    trouble.ifPresent(
        text -> gaps.add(layout.path(Layout.ARCHIVE), Gap.of(GapReason.UNREADABLE), text));
    String unique = name + "_" + ++begun;
    return new ClusterCursor(
        layout,
        () ->
            BaseBackup.begin(
                PsqlSession.open(ports.client(), server), server, unique, fast, ports.time()),
        new ClusterWalk.Ports(ports.scratch(), ports.state(), ports.readers(), reading, gaps),
        ports.time());
  }
}
