package io.holdfast.coordinator.journal;

import static io.holdfast.coordinator.journal.TestFleet.mutation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AppendQueueTest {
  private static void put(AppendQueue queue, String text) {
    assertFalse(queue.put(List.of(mutation(text)), false).isDone());
  }

  @Test
  void shouldMakeCallersWaitAtItsBoundAndLetThemInWhenABatchIsTaken() throws Exception {
    AppendQueue queue = new AppendQueue(2, 1 << 20);
    put(queue, "1");
    put(queue, "2");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> third = threads.submit(() -> put(queue, "3"));
      assertEquals(2, queue.takeBatch().size());
      third.get();
      assertEquals(1, queue.takeBatch().size());
    }
  }

  @Test
  void shouldTakeOneLargeAppendWhateverItsBytes() {
    AppendQueue queue = new AppendQueue(2, 1);
    put(queue, "large enough");
    assertEquals(1, queue.takeBatch().size());
    assertTrue(queue.isEmpty());
  }

  @Test
  void shouldWakeWaitersWithTheCauseWhenItCloses() throws Exception {
    AppendQueue queue = new AppendQueue(1, 1 << 20);
    put(queue, "1");
    HoldfastException cause = new HoldfastException(ErrorCode.FENCED, "over");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HoldfastException> waiter =
          threads.submit(() -> assertThrows(HoldfastException.class, () -> put(queue, "2")));
      assertEquals(1, queue.close(cause).size());
      assertEquals(cause, waiter.get());
    }
  }
}
