package io.holdfast.coordinator.proof;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Who reads and opens what a walk wants examined, each with an exam of its own. */
interface Examiners {
  /** Begins {@code work}, or does it at once; errors are thrown here or are the future's. */
  <T> Future<T> examine(Function<ChunkExam, T> work);

  /** How much of it may be under way while the caller goes on. */
  int ahead();

  /** The caller itself, with {@code exam}, which stays the caller's. */
  static Examiners caller(ChunkExam exam) {
    return new Examiners() {
      @Override
      public <T> Future<T> examine(Function<ChunkExam, T> work) {
        return CompletableFuture.completedFuture(work.apply(exam));
      }

      @Override
      public int ahead() {
        return 0;
      }
    };
  }

  /** As many threads of {@code threads}, which has no fewer, as there are {@code exams}. */
  static Examiners on(ExecutorService threads, Collection<ChunkExam> exams) {
    int count = exams.size();
    var idle = new ConcurrentLinkedQueue<>(exams);
    return new Examiners() {
      @Override
      public <T> Future<T> examine(Function<ChunkExam, T> work) {
        return threads.submit(() -> {
          ChunkExam exam = idle.remove();
          try {
            return work.apply(exam);
          } finally {
            idle.add(exam);
          }
        });
      }

      @Override
      public int ahead() {
        return count;
      }
    };
  }
}
