package io.holdfast.deploy.sim;

import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.link.ReadLink;
import io.holdfast.agent.link.SessionLinks;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sessions of a host with whichever coordinator it looks to.
 *
 * @param calls where each call is noted, to be cut when the host goes down
 */
record SimLinks(
    HostId host, Supplier<SimCoordinator> at, List<SimCall<?, ?>> calls, Answers answers)
    implements SessionLinks {
  @Override
  public UploadLink upload() {
    SimCall<BackupRequest, BackupAnswer> call = at.get().backup(host);
    calls.add(call);
    return new UploadLink() {
      @Override
      public void send(BackupRequest request) throws InterruptedException {
        call.sendRequest(request);
      }

      @Override
      public BackupAnswer receive() throws InterruptedException {
        return call.receiveAnswer();
      }

      @Override
      public void close() {
        call.cut();
      }
    };
  }

  @Override
  public ReadLink read() {
    SimCall<ReadRequest, ReadAnswer> call = at.get().read(host);
    calls.add(call);
    return new ReadLink() {
      @Override
      public void send(ReadRequest request) throws InterruptedException {
        call.sendRequest(request);
      }

      @Override
      public ReadAnswer receive() throws InterruptedException {
        return answers.of(call.receiveAnswer());
      }

      @Override
      public String peer() {
        return "coordinator";
      }

      @Override
      public void close() {
        call.cut();
      }
    };
  }
}
