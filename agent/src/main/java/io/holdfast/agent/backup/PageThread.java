package io.holdfast.agent.backup;

import com.google.common.util.concurrent.Uninterruptibles;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.page.PageTree;
import io.holdfast.common.rpc.Futures;
import io.holdfast.common.rpc.RpcErrors;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/** The thread that makes pages of the merged entries; ends with the merge, whatever happens. */
final class PageThread implements AutoCloseable {
  private final Thread thread;
  private final EntryQueue queue;
  private final CompletableFuture<PageTree> tree;

  private PageThread(Thread thread, EntryQueue queue, CompletableFuture<PageTree> tree) {
    this.thread = thread;
    this.queue = queue;
    this.tree = tree;
  }

  static PageThread start(ThreadFactory threads, EntryQueue queue, Callable<PageTree> work) {
    CompletableFuture<PageTree> tree = new CompletableFuture<>();
    Thread thread = threads.newThread(() -> run(queue, work, tree));
    thread.start();
    return new PageThread(thread, queue, tree);
  }

  private static void run(
      EntryQueue queue, Callable<PageTree> work, CompletableFuture<PageTree> tree) {
    try {
      tree.complete(work.call());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(queue, Cancelled.exception(), tree);
    } catch (Exception e) {
      end(queue, RpcErrors.asHoldfast(e), tree);
    }
  }

  private static void end(
      EntryQueue queue, HoldfastException cause, CompletableFuture<PageTree> tree) {
    queue.fail(cause); // the merge must not wait for a consumer that is gone
    tree.completeExceptionally(cause);
  }

  /** Waits for the last page. */
  PageTree tree() throws InterruptedException {
    return Futures.await(tree);
  }

  @Override
  public void close() {
    queue.fail(Cancelled.exception()); // does nothing to a queue that ended
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
