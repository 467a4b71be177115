package io.holdfast.coordinator.pack;

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
}
