package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;

/** Serves backups. Any thread. */
public final class BackupSessions {
  private final IngestPorts ports;
  private final VaultRoom room;
  private final HostQuotas quotas;
  private final AskedChunks asked;

  public BackupSessions(IngestPorts ports) {
    this(ports, VaultRoom.UNWATCHED, new HostQuotas(ports.views(), 0), AskedChunks.IGNORED);
  }

  /** With an eye on the vault's room, and with what proves chunks that another host has. */
  public BackupSessions(IngestPorts ports, VaultRoom room, HostQuotas quotas, AskedChunks asked) {
    this.ports = ports;
    this.room = room;
    this.quotas = quotas;
    this.asked = asked;
  }

  /**
   * Runs one session of {@code host}, whose certificate was checked, until commit or the stream's
   * end.
   */
  public void serve(HostId host, RequestStream<BackupRequest, BackupAnswer> stream)
      throws InterruptedException {
    new BackupSession(ports, room, quotas, asked, host, stream).run();
  }
}
