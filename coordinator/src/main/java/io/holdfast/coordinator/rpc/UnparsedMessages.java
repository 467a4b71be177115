package io.holdfast.coordinator.rpc;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/**
 * Hands messages on as the streams that they come in. gRPC's own way to do so ({@code
 * useInputStreamMessages}) puts a buffer around each stream, behind which an answer's is no longer
 * seen to be one that writes itself: it would be made into one array more, and copied in pieces of
 * 8 KiB. Any thread.
 */
enum UnparsedMessages implements MethodDescriptor.Marshaller<InputStream> {
  INSTANCE;

  @Override
  public InputStream stream(InputStream message) {
    return message;
  }

  @Override
  public InputStream parse(InputStream stream) {
    return stream;
  }
}
