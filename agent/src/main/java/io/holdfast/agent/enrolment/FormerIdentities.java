package io.holdfast.agent.enrolment;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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

  /** The same, the one that this host was last first. */
  static List<StateDirectory> newestFirst(StateDirectory state) {
    return of(state).stream()
        .sorted(Comparator.comparingLong(FormerIdentities::movedMillis).reversed())
        .toList();
  }

  private static long movedMillis(StateDirectory former) {
    try {
      return Files.getLastModifiedTime(former.movedTo()).toMillis();
    } catch (IOException e) {
      return 0; // it can't be used for more than reading
    }
  }

  /**
   * What {@code identity} says in {@code former} of this host: that it went, and where; and which
   * of the fleet's roots it has. KEY_UNAVAILABLE, MALFORMED.
   */
  public static CompleteMoveRequest says(StateDirectory former, HostIdentity identity) {
    HostRecord here = identity.record();
    HostRecord there = movedTo(former);
    byte[] signature =
        identity
            .signingKey()
            .sign(
                SigningDomain.HOST_MOVED,
                here.repository().toByteArray(),
                here.host().toByteArray(),
                there.fleet().toByteArray(),
                there.repository().toByteArray(),
                there.host().toByteArray())
            .toByteArray();
    return CompleteMoveRequest.newBuilder()
        .setFleet(ByteString.copyFrom(there.fleet().toByteArray()))
        .setRepository(ByteString.copyFrom(there.repository().toByteArray()))
        .setNewHost(ByteString.copyFrom(there.host().toByteArray()))
        .addAllAddresses(there.coordinators().stream().map(Endpoint::toString).toList())
        .setSignature(ByteString.copyFrom(signature))
        .setCredentialRoot(
            LearnedRoots.bytes(Fingerprint.of(PinnedRoots.rootOf(identity.credential().current()))))
        .addAllRoots(identity.roots().believed().stream().map(LearnedRoots::bytes).toList())
        .build();
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
