package io.holdfast.coordinator.pack;

import com.google.protobuf.ByteString;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.proto.stored.v1.PackRegistered;
import java.util.concurrent.CompletableFuture;

/** Makes a durable pack part of the repository. */
public interface PackRegistrar {
  /**
   * Journals {@code registration} and completes once it is applied to this coordinator's catalog,
   * with the record's seq.
   */
  CompletableFuture<Long> register(PackRegistered registration, PackFooter footer);

  /** What a registration says of a pack with this footer, whoever filled it in whatever session. */
  static PackRegistered.Builder registration(PackFooter footer) {
    PackRegistered.Builder registration =
        PackRegistered.newBuilder()
            .setPack(ByteString.copyFrom(footer.identity().pack().toByteArray()))
            .setContentValue(footer.identity().content().number())
            .setSize(footer.packLength())
            .setFooterSha256(ByteString.copyFrom(footer.sha256().toByteArray()))
            .setFooterLength(footer.length())
            .setEntries(footer.entries());
    for (int owner = 0; owner < footer.owners(); owner++) {
      registration.addOwners(ByteString.copyFrom(footer.owner(owner).toByteArray()));
    }
    return registration;
  }
}
