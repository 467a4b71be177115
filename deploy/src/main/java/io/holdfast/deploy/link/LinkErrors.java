package io.holdfast.deploy.link;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.unit.Durations;
import java.net.ConnectException;
import java.time.Duration;

/** What it means when a coordinator doesn't answer, in words for who asked. */
abstract class LinkErrors {
  private static final Metadata.Key<byte[]> OURS =
      Metadata.Key.of("holdfast-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** The coordinator as a message names it. */
  abstract String peer();

  /** That nobody listens there, and what to do. */
  abstract String nobody();

  HoldfastException explain(RuntimeException failure, Duration patience) {
    if (!(failure instanceof StatusRuntimeException status) || saysItself(status)) {
      return RpcErrors.fromStatus(failure, peer());
    }
    return switch (status.getStatus().getCode()) {
      case UNAVAILABLE, CANCELLED -> unavailable(gone(status.getStatus()), status);
      case DEADLINE_EXCEEDED ->
          unavailable(
              "the "
                  + peer()
                  + " gave no answer within "
                  + Durations.rounded(patience)
                  + ": look at its log, or wait longer with --timeout",
              status);
      default -> RpcErrors.fromStatus(status, peer());
    };
  }

  private static boolean saysItself(StatusRuntimeException status) {
    return status.getTrailers() != null && status.getTrailers().containsKey(OURS);
  }

  private String gone(Status status) {
    if (status.getCause() instanceof ConnectException) {
      return nobody();
    }
    String words = status.getDescription() == null ? "" : " (" + status.getDescription() + ")";
    return "the " + peer() + " went away" + words + ": look at its log and ask again";
  }

  static HoldfastException unavailable(String message, Exception cause) {
    return new HoldfastException(ErrorCode.UNAVAILABLE, message, cause);
  }
}
