package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.grpc.Drainable;
import io.holdfast.proto.wire.v1.ChunksDone;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class UnparsedMessagesTest {
  @Test
  void shouldLetAnAnswerWriteItself() throws IOException {
    ReadAnswer answer =
        ReadAnswer.newBuilder().setDone(ChunksDone.newBuilder().setNumber(7)).build();
    InputStream message =
        UnparsedMessages.INSTANCE.stream(
            UnparsedMessages.INSTANCE.parse(ReadGrpc.getSessionMethod().streamResponse(answer)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int written = assertInstanceOf(Drainable.class, message).drainTo(out);
    assertEquals(answer.getSerializedSize(), written);
    assertEquals(answer, ReadAnswer.parseFrom(out.toByteArray()));
  }
}
