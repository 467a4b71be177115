package io.holdfast.common.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Parses a message so that its byte fields are parts of the one array that it arrived in, instead
 * of copies: for messages that are almost nothing but one large field. The array lives as long as
 * any of its fields. Any thread.
 */
public final class ArrayMarshaller<T extends MessageLite> implements PrototypeMarshaller<T> {
  private final PrototypeMarshaller<T> usual;

  private ArrayMarshaller(PrototypeMarshaller<T> usual) {
    this.usual = usual;
  }

  /** {@code method} with requests parsed so. */
  public static <Q extends MessageLite, A> MethodDescriptor<Q, A> ofRequests(
      MethodDescriptor<Q, A> method) {
    return method.toBuilder(of(method.getRequestMarshaller()), method.getResponseMarshaller())
        .build();
  }

  /** {@code method} with answers parsed so. */
  public static <Q, A extends MessageLite> MethodDescriptor<Q, A> ofAnswers(
      MethodDescriptor<Q, A> method) {
    return method.toBuilder(method.getRequestMarshaller(), of(method.getResponseMarshaller()))
        .build();
  }

  private static <T extends MessageLite> ArrayMarshaller<T> of(
      MethodDescriptor.Marshaller<T> marshaller) {
    return new ArrayMarshaller<>((PrototypeMarshaller<T>) marshaller);
  }

  @Override
  public Class<T> getMessageClass() {
    return usual.getMessageClass();
  }

  @Override
  public T getMessagePrototype() {
    return usual.getMessagePrototype();
  }

  @Override
  public InputStream stream(T message) {
    return usual.stream(message);
  }

  @Override
  public T parse(InputStream stream) {
    if (!(stream instanceof KnownLength)) {
      return usual.parse(stream);
    }
    try {
      byte[] bytes = new byte[stream.available()];
      if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new EOFException("it ends before its length");
      }
      return parse(bytes);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("a message could not be parsed")
          .withCause(e)
          .asRuntimeException();
    }
  }

  @SuppressWarnings("unchecked") // a message's parser makes messages of its type
  private T parse(byte[] bytes) throws InvalidProtocolBufferException {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    in.enableAliasing(true);
    MessageLite message =
        getMessagePrototype()
            .getParserForType()
            .parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
    in.checkLastTagWas(0);
    return (T) message;
  }
}
