package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Base backups of a cluster of this host, one for each call of {@link #open}. */
public final class ClusterSource {
  /**
   * A job whose snapshot missed chunks begins another one while the server clears the last away.
   */
  private static final AtomicInteger BEGUN = new AtomicInteger();

  private final PostgresPorts ports;
  private final ServerAddress server;
  private final boolean fast;
  private final String name;

  /**
   * INVALID_ARGUMENT for an order that names no server.
   *
   * @param job id of the job, in letters and digits
   */
  public ClusterSource(PostgresPorts ports, PostgresSource order, String job) {
    this.ports = ports;
    this.server = ServerAddress.of(order);
    this.fast = order.getFastCheckpoint();
    this.name = "holdfast_" + job;
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
    String unique = name + "_" + HexFormat.of().toHexDigits(BEGUN.incrementAndGet());
    return new ClusterCursor(
        layout,
        () ->
            BaseBackup.begin(
                PsqlSession.open(ports.client(), server), server, unique, fast, ports.time()),
        new ClusterWalk.Ports(ports.scratch(), ports.state(), ports.readers(), reading, gaps),
        ports.time());
  }
}
