package io.holdfast.agent.enrolment;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.proto.wire.v1.SealKeysAnswer;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Hands in what this host of a private repository has sealed of its keys, before anything is backed
 * up: without it nobody could restore what is stored once this host is gone. Once a process, so
 * that a vault that lost it gets it back; of a shared repository nothing is handed in. Any thread.
 */
public final class SealedKeys implements Runnable {
  private final StateDirectory state;
  private final HostIdentity identity;
  private final CoordinatorChannel channel;
  private boolean handedIn;

  /** The keys of {@code identity}, which stays its owner's. */
  public SealedKeys(StateDirectory state, HostIdentity identity, CoordinatorChannel channel) {
    this.state = state;
    this.identity = identity;
    this.channel = channel;
    this.handedIn = !identity.grant().isPrivate();
  }

  /** Errors of the file, of the call, and what the coordinator refuses with. */
  @Override
  public synchronized void run() {
    if (handedIn) {
      return;
    }
    if (!Files.exists(state.resealedKeys()) || !isTaken()) {
      keep(handIn(state.sealedKeys()));
    }
    handedIn = true;
  }

  /** A coordinator that was set back to before may know of the first ones only. */
  private boolean isTaken() {
    try {
      keep(handIn(state.resealedKeys()));
      return true;
    } catch (HoldfastException e) {
      if (e.code() != ErrorCode.OBJECT_EXISTS) {
        throw e;
      }
      return false;
    }
  }

  private SealKeysAnswer handIn(Path file) {
    byte[] object;
    try (Secret content = SecretFile.read(file)) {
      object = content.toByteArray();
    }
    Signature signature =
        PrivateRepository.signKeys(
            identity.record().repository(),
            identity.record().host(),
            Digests.sha256(object),
            identity.signingKey());
    return EnrolmentCalls.sealKeys(
        channel.line(),
        SealKeysRequest.newBuilder()
            .setObject(ByteString.copyFrom(object))
            .setSignature(ByteString.copyFrom(signature.toByteArray()))
            .setRecoveryKey(
                ByteString.copyFrom(
                    identity.grant().repositoryRecoveryKey().orElseThrow().toByteArray()))
            .build());
  }

  /** What this host can't open, nor tell from garbage: so the first ones stay beside it. */
  private void keep(SealKeysAnswer answer) {
    byte[] object = answer.getResealed().toByteArray();
    if (object.length > 0) {
      PrivateHostKeys.requireSound(
          KeyObject.sealedHostKeys(identity.record().repository(), identity.record().host()),
          object);
      SecretFile.write(state.resealedKeys(), object);
    }
  }
}
