package io.holdfast.common.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.ErrorDetail;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one table between {@link ErrorKind} and gRPC status, and the trailer that carries the code.
 */
public final class RpcErrors {
  static final Metadata.Key<byte[]> TRAILER =
      Metadata.Key.of("holdfast-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final Logger LOG = LoggerFactory.getLogger(RpcErrors.class);

  private static final Map<Integer, ErrorCode> BY_NUMBER =
      Arrays.stream(ErrorCode.values())
          .collect(Collectors.toUnmodifiableMap(ErrorCode::number, code -> code));

  private RpcErrors() {}

  /** The status that callers of any language see for {@code kind}. */
  public static Status.Code status(ErrorKind kind) {
    return switch (kind) {
      case RETRY -> Status.Code.UNAVAILABLE;
      case FENCED, CONFLICT -> Status.Code.FAILED_PRECONDITION;
      case INVALID -> Status.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
      case DENIED -> Status.Code.PERMISSION_DENIED;
      case EXHAUSTED -> Status.Code.RESOURCE_EXHAUSTED;
      case CORRUPT -> Status.Code.DATA_LOSS;
      case INTERNAL -> Status.Code.INTERNAL;
    };
  }

  /** For the wire: status and trailer. Messages of unexpected exceptions stay at home. */
  public static StatusRuntimeException toStatus(Throwable failure) {
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    HoldfastException error = asHoldfast(failure);
    Metadata trailers = new Metadata();
    trailers.put(TRAILER, detail(error).toByteArray());
    return Status.fromCode(status(error.kind()))
        .withDescription(error.getMessage())
        .asRuntimeException(trailers);
  }

  /** {@code failure} itself if it is one of ours, else INTERNAL naming its class only. */
  public static HoldfastException asHoldfast(Throwable failure) {
    if (failure instanceof HoldfastException ours) {
      return ours;
    }
    LOG.error("unexpected failure", failure);
    return new HoldfastException(
        ErrorCode.INTERNAL,
        "unexpected " + failure.getClass().getSimpleName() + "; see this process's log",
        failure);
  }

  public static ErrorDetail detail(HoldfastException error) {
    return ErrorDetail.newBuilder()
        .setCode(error.code().number())
        .setMessage(error.getMessage())
        .build();
  }

  /** Which of our errors {@code trailers} of a call that ended carry, if any. */
  public static Optional<ErrorCode> codeIn(Metadata trailers) {
    return parse(trailers).map(detail -> fromDetail(detail).code());
  }

  /** The error that {@code detail} carries; a code unknown to this version becomes INTERNAL. */
  public static HoldfastException fromDetail(ErrorDetail detail) {
    ErrorCode code = BY_NUMBER.getOrDefault(detail.getCode(), ErrorCode.INTERNAL);
    return new HoldfastException(code, detail.getMessage());
  }

  /**
   * What a failed call means here. {@code peer} names the other side in words for the message, such
   * as "coordinator at backup1:7443".
   */
  public static HoldfastException fromStatus(Throwable failure, String peer) {
    return switch (failure) {
      case HoldfastException ours -> ours;
      case StatusRuntimeException status ->
          from(status.getStatus(), status.getTrailers(), peer, status);
      case StatusException status -> from(status.getStatus(), status.getTrailers(), peer, status);
      default -> asHoldfast(failure);
    };
  }

  private static HoldfastException from(
      Status status, Metadata trailers, String peer, Exception cause) {
    Optional<ErrorDetail> detail = Optional.ofNullable(trailers).flatMap(RpcErrors::parse);
    if (detail.isPresent()) {
      HoldfastException remote = fromDetail(detail.get());
      return new HoldfastException(remote.code(), remote.getMessage(), cause);
    }
    String words = status.getDescription() == null ? "" : ": " + firstLine(status);
    return switch (status.getCode()) {
      case CANCELLED ->
          new HoldfastException(
              ErrorCode.CANCELLED, "the call to the " + peer + " was cancelled" + words, cause);
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          new HoldfastException(
              ErrorCode.UNAVAILABLE,
              "cannot reach the "
                  + peer
                  + rootCause(status)
                  + words
                  + "; check that it runs and that both sides hold certificates of one fleet",
              cause);
      case RESOURCE_EXHAUSTED ->
          new HoldfastException(
              ErrorCode.MESSAGE_TOO_LARGE, "the " + peer + " refused a message" + words, cause);
      case UNAUTHENTICATED ->
          new HoldfastException(
              ErrorCode.NOT_ENROLLED, "the " + peer + " does not know this caller" + words, cause);
      case UNIMPLEMENTED ->
          new HoldfastException(
              ErrorCode.UNKNOWN_VERSION,
              "the "
                  + peer
                  + " doesn't have this call: it is of another version, or this port of it is for"
                  + " other callers; look at the address"
                  + words,
              cause);
      default ->
          new HoldfastException(
              ErrorCode.INTERNAL,
              "the "
                  + peer
                  + " answered "
                  + status.getCode().name().toLowerCase(Locale.ROOT)
                  + words,
              cause);
    };
  }

  private static String rootCause(Status status) {
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
  }

  /** What follows is for gRPC's developers: the handlers of a connection that ended. */
  private static String firstLine(Status status) {
    return status.getDescription().lines().findFirst().orElse("");
  }

  private static Optional<ErrorDetail> parse(Metadata trailers) {
    byte[] bytes = trailers.get(TRAILER);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ErrorDetail.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty(); // a foreign or damaged trailer: the status alone decides
    }
  }
}
