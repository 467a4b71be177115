package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many creators, spread over the members of a vault, let go at once at one name. */
final class CreateRace {
  private final List<Vault> members;
  private final int creators;

  CreateRace(List<Vault> members, int creators) {
    this.members = members;
    this.creators = creators;
  }

  /** What each creator was told, in the order of the contents. */
  List<CreateOutcome> run(ObjectName name, List<byte[]> contents) {
    CyclicBarrier start = new CyclicBarrier(creators);
    List<Callable<CreateOutcome>> racers = new ArrayList<>();
    for (int i = 0; i < creators; i++) {
      Vault member = members.get(i % members.size());
      ByteBuffer content = ByteBuffer.wrap(contents.get(i));
      racers.add(() -> {
        start.await();
        return member.create(name, content);
      });
    }
    return outcomes(racers);
  }

  private static List<CreateOutcome> outcomes(List<Callable<CreateOutcome>> racers) {
    Thread.Builder creator = Thread.ofVirtual().name("self-test-creator-", 0);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(creator.factory())) {
      List<CreateOutcome> outcomes = new ArrayList<>();
      for (Future<CreateOutcome> racer : threads.invokeAll(racers)) {
        outcomes.add(racer.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.CANCELLED, "The self-test of a vault was interrupted; run it again.", e);
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    return e.getCause() instanceof HoldfastException failure
        ? failure
        : new HoldfastException(ErrorCode.INTERNAL, "A self-test's creator broke.", e.getCause());
  }
}
