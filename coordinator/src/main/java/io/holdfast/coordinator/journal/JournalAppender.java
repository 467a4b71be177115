package io.holdfast.coordinator.journal;

import io.holdfast.common.rpc.Futures;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The journal as everybody but its owner sees it. Any thread. */
public interface JournalAppender {
  /**
   * Appends in order and in one record, perhaps with others'; completes once the record is durable
   * and applied here. NOT_LEADER or FENCED, thrown or in the future, if another coordinator leads.
   */
  CompletableFuture<Appended> append(List<Mutation> mutations);

  /** As {@link #append}, and waits for it; its errors are thrown, with this thread's stack. */
  default Appended appendNow(List<Mutation> mutations) throws InterruptedException {
    return Futures.await(append(mutations));
  }
}
