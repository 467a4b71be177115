package io.holdfast.deploy.link;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What it means when the admin socket doesn't answer. */
final class SocketErrors extends LinkErrors {
  private static final String NEXT_STEP =
      ": start it by `holdfast coordinator run`, or pass --socket";

  private final Path socket;

  SocketErrors(Path socket) {
    this.socket = socket;
  }

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
            + " socket's group; or call with an access token, by --coordinator and --token-file",
        cause);
  }

  @Override
  String peer() {
    return "coordinator at " + socket;
  }

  @Override
  String nobody() {
    return "nobody answers on " + socket + ": the coordinator that made it has stopped" + NEXT_STEP;
  }
}
