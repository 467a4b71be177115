package io.holdfast.deploy.link;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.unit.Durations;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;

/** What it means when the admin socket doesn't answer, in words for who asked. */
record LinkErrors(Path socket) {
  private static final Metadata.Key<byte[]> OURS =
      Metadata.Key.of("holdfast-error-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String NEXT_STEP =
      ": start it by `holdfast coordinator run`, or pass --socket";

  /** Refuses a socket that isn't there or that this user may not write to. */
  void checkReachable() {
    try {
      Files.readAttributes(socket, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw unavailable("no coordinator listens on " + socket + NEXT_STEP, e);
    } catch (AccessDeniedException e) {
      throw denied(e);
    } catch (IOException e) {
      throw unavailable("cannot look at the socket " + socket + " (" + e + ")" + NEXT_STEP, e);
    }
    if (!Files.isWritable(socket)) {
      throw denied(null);
    }
  }

  private HoldfastException denied(Exception cause) {
    return new HoldfastException(
        ErrorCode.NOT_AUTHORISED,
        "this user may not use the coordinator's socket "
            + socket
            + ": run the command as root, as the coordinator's user, or as a member of the"
            + " socket's group",
        cause);
  }

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
      return "nobody answers on "
          + socket
          + ": the coordinator that made it has stopped"
          + NEXT_STEP;
    }
    String words = status.getDescription() == null ? "" : " (" + status.getDescription() + ")";
    return "the " + peer() + " went away" + words + ": look at its log and ask again";
  }

  private String peer() {
    return "coordinator at " + socket;
  }

  private static HoldfastException unavailable(String message, Exception cause) {
    return new HoldfastException(ErrorCode.UNAVAILABLE, message, cause);
  }
}
