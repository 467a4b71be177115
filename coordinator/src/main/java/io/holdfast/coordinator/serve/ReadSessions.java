package io.holdfast.coordinator.serve;

import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;

/** Serves reading. Any thread. */
public final class ReadSessions {
  private final ReadPorts ports;

  public ReadSessions(ReadPorts ports) {
    this.ports = ports;
  }

  /** Runs one session of {@code reader}, whose certificate was checked, until the stream ends. */
  public void serve(HostId reader, RequestStream<ReadRequest, ReadAnswer> stream)
      throws InterruptedException {
    new ReadSession(ports, reader, stream).run();
  }
}
