package io.holdfast.common.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Upload;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ByteBufferBackingArray") // it is the array that is asked for
class FieldBytesTest {
  private static final Marshaller<BackupRequest> MARSHALLER =
      ArrayMarshaller.ofRequests(BackupGrpc.getSessionMethod()).getRequestMarshaller();

  private static BackupRequest parsed(byte[] message) {
    return MARSHALLER.parse(new Arrived(message));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    int from = buffer.arrayOffset() + buffer.position();
    return Arrays.copyOfRange(buffer.array(), from, from + buffer.remaining());
  }

  @Test
  void shouldLeaveFieldsInTheArrayThatTheMessageCameIn() {
    byte[] content = {1, 2, 3, 4, 5};
    BackupRequest request =
        parsed(
            BackupRequest.newBuilder()
                .setUpload(
                    Upload.newBuilder()
                        .setId(ByteString.copyFrom(new byte[] {9, 9}))
                        .setSealed(ByteString.copyFrom(content)))
                .build()
                .toByteArray());
    ByteBuffer sealed = FieldBytes.of(request.getUpload().getSealed());
    ByteBuffer id = FieldBytes.of(request.getUpload().getId());
    assertArrayEquals(content, bytes(sealed));
    assertArrayEquals(new byte[] {9, 9}, bytes(id));
    assertSame(sealed.array(), id.array());
  }

  @Test
  void shouldAnswerAnEmptyField() {
    assertEquals(0, FieldBytes.of(ByteString.EMPTY).remaining());
    assertEquals(0, FieldBytes.of(parsed(new byte[0]).getUpload().getSealed()).remaining());
  }

  @Test
  void shouldCopyWhatIsNotOnePiece() {
    byte[] half = new byte[4_096];
    Arrays.fill(half, (byte) 7);
    ByteString rope = ByteString.copyFrom(half).concat(ByteString.copyFrom(new byte[4_096]));
    ByteBuffer found = FieldBytes.of(rope);
    assertArrayEquals(rope.toByteArray(), bytes(found));
    assertNotSame(half, found.array());
  }

  @Test
  void shouldRefuseWhatIsNoMessage() {
    StatusRuntimeException e =
        assertThrows(StatusRuntimeException.class, () -> parsed(new byte[] {(byte) 0xff, 1}));
    assertInstanceOf(InvalidProtocolBufferException.class, e.getCause());
  }

  @Test
  void shouldRefuseAMessageThatEndsEarly() {
    byte[] whole =
        BackupRequest.newBuilder()
            .setUpload(Upload.newBuilder().setSealed(ByteString.copyFrom(new byte[100])))
            .build()
            .toByteArray();
    byte[] half = Arrays.copyOf(whole, 50);
    assertThrows(StatusRuntimeException.class, () -> parsed(half));
  }

  /** As a message comes from the transport. */
  private static final class Arrived extends ByteArrayInputStream implements KnownLength {
    Arrived(byte[] message) {
      super(message);
    }
  }
}
