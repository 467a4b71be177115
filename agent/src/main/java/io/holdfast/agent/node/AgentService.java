package io.holdfast.agent.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * An agent for as long as its process lives: one {@link AgentNode} after another, as the host is of
 * one repository after another. Any thread.
 */
public final class AgentService implements AutoCloseable {
  private final AgentConfig config;
  private final Time time;
  private final Randomness randomness;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;
  private AgentNode node;
  private boolean closed;

  private AgentService(AgentConfig config, Time time, Randomness randomness) {
    this.config = config;
    this.time = time;
    this.randomness = randomness;
    this.node = AgentNode.start(config, time, randomness);
    this.thread = Thread.ofPlatform().name("agent").unstarted(this::run);
  }

  /** As {@link AgentNode#start(AgentConfig, Time, Randomness)}. */
  public static AgentService start(AgentConfig config, Time time, Randomness randomness) {
    AgentService service = new AgentService(config, time, randomness);
    service.thread.start();
    return service;
  }

  private void run() {
    try {
      while (true) {
        AgentNode present = node();
        present.awaitEnd();
        if (!present.hasMoved() || !startAnew(present)) {
          ended.complete(null);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended.complete(null);
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private synchronized AgentNode node() {
    return node;
  }

  /** False if it is to end. */
  private synchronized boolean startAnew(AgentNode moved) {
    moved.close();
    if (closed) {
      return false;
    }
    node = AgentNode.start(config, time, randomness);
    return true;
  }

  public boolean isConnected() {
    return node().isConnected();
  }

  /** Waits until {@link #close}, or throws what made it impossible to go on after a move. */
  public void awaitEnd() throws InterruptedException {
    try {
      ended.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HoldfastException known
          ? new HoldfastException(known.code(), known.getMessage(), known)
          : new HoldfastException(ErrorCode.INTERNAL, "the agent ended: " + e.getCause(), e);
    }
  }

  /** As {@link AgentNode#close}. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      node.close();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
