package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;

/** Serves backups. Any thread. */
public final class BackupSessions {
  private final IngestPorts ports;

  public BackupSessions(IngestPorts ports) {
    this.ports = ports;
  }

  /**
   * Runs one session of {@code host}, whose certificate was checked, until commit or the stream's
   * end.
   */
  public void serve(HostId host, RequestStream<BackupRequest, BackupAnswer> stream)
      throws InterruptedException {
    new BackupSession(ports, host, stream).run();
  }
}
