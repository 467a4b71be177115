package io.holdfast.common.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class RpcErrorsTest {
  @Test
  void whatCannotBeReachedShouldBeToldInOneLineOfPlainWords() {
    HoldfastException told =
        RpcErrors.fromStatus(
            Status.UNAVAILABLE
                .withDescription("Connection closed\nChannel Pipeline: [SslHandler#0]")
                .withCause(new ClosedChannelException())
                .asException(),
            "coordinator at backup1:7443");
    assertEquals(ErrorCode.UNAVAILABLE, told.code());
    assertEquals(
        "cannot reach the coordinator at backup1:7443: Connection closed; check that it runs and"
            + " that both sides hold certificates of one fleet",
        told.getMessage());
  }
}
