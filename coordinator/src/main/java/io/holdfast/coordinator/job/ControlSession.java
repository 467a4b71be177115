package io.holdfast.coordinator.job;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.Heartbeat;
import java.util.Optional;

/**
 * The stream of one agent, from its hello to its end. One thread hands in what it {@link
 * #received}, another writes what {@link #next} gives; any thread closes.
 */
public final class ControlSession implements AutoCloseable {
  /** Ends the stream below; called once or more, by any thread. */
  @FunctionalInterface
  public interface StreamEnd {
    void abort(HoldfastException why);
  }

  private final Jobs jobs;
  private final HostId host;
  private final StreamEnd end;
  private final Outbox outbox = new Outbox();

  // Guarded by Jobs.
  private long heardNanos;
  private long askedNanos;
  private long questions;
  private long answers;
  private boolean seenLostRecords;

  ControlSession(Jobs jobs, HostId host, StreamEnd end) {
    this.jobs = jobs;
    this.host = host;
    this.end = end;
  }

  public HostId host() {
    return host;
  }

  /** Takes what the agent sent; INVALID_ARGUMENT for what it may not send. */
  public void received(AgentMessage message) {
    jobs.received(this, message);
  }

  /** Waits for what to write next; empty when the session is over. */
  public Optional<CoordinatorMessage> next() throws InterruptedException {
    return outbox.take();
  }

  /** The stream is over; running jobs wait for the agent to come back. */
  @Override
  public void close() {
    outbox.close();
    jobs.closed(this);
  }

  boolean send(CoordinatorMessage message) {
    return outbox.offer(message);
  }

  /** Ends the stream from this side. */
  void abort(HoldfastException why) {
    outbox.close();
    end.abort(why);
  }

  /** The host has seen records of the journal that it doesn't hold. */
  void sawLostRecords() {
    seenLostRecords = true;
  }

  boolean hasSeenLostRecords() {
    return seenLostRecords;
  }

  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  void answered() {
    answers++;
  }

  /** Sends a heartbeat if there is room for one. */
  void ask(long nowNanos, Heartbeat heartbeat) {
    askedNanos = nowNanos;
    if (send(CoordinatorMessage.newBuilder().setHeartbeat(heartbeat).build())) {
      questions++;
    }
  }

  long questions() {
    return questions;
  }

  /** Whether question number {@code question} was answered: agents answer each, in order. */
  boolean hasAnswered(long question) {
    return answers >= question;
  }

  long heardNanos() {
    return heardNanos;
  }

  long askedNanos() {
    return askedNanos;
  }
}
