package io.holdfast.agent.enrolment;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this host was in repositories that it was moved away from. Any thread. */
public final class FormerIdentities {
  private FormerIdentities() {}

  /** All of them, each as a state directory of its own, in the order of their repositories. */
  public static List<StateDirectory> of(StateDirectory state) {
    if (!Files.isDirectory(state.former())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(state.former())) {
      return all.sorted().map(StateDirectory::new).filter(StateDirectory::isEnrolled).toList();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the former identities in " + state.former() + " can't be listed: " + e, e);
    }
  }

  /** What this host is called where it went from {@code former}. KEY_UNAVAILABLE, MALFORMED. */
  public static HostRecord movedTo(StateDirectory former) {
    try (Secret content = SecretFile.read(former.movedTo())) {
      return HostRecord.decode(
          former.movedTo().toString(), new String(content.toByteArray(), StandardCharsets.UTF_8));
    }
  }

  /** Whether the coordinator there knows that this host went. */
  public static boolean isConfirmed(StateDirectory former) {
    return Files.exists(former.confirmed());
  }

  /** It knows. Durable when this returns. */
  public static void confirmed(StateDirectory former) {
    SecretFile.write(former.confirmed(), new byte[0]);
  }
}
