package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.FormerIdentities;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.HostRecord;
import io.holdfast.agent.enrolment.Renewal;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host was before: tells the coordinators there that it went, until they know, and keeps
 * the certificates by which it reads there fresh. One thread runs it; another one closes.
 */
final class FormerHosts implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FormerHosts.class);
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofHours(1);

  /** Answers after which a coordinator will never want to know. */
  private static final Set<ErrorCode> FINAL =
      EnumSet.of(
          ErrorCode.HOST_REVOKED,
          ErrorCode.NOT_ENROLLED,
          ErrorCode.CERTIFICATE_EXPIRED,
          ErrorCode.INVALID_ARGUMENT);

  private record Former(
      StateDirectory state, HostIdentity identity, CoordinatorChannel channel, Renewal renewal) {}

  private final Time time;
  private final List<Former> formers = new ArrayList<>();

  private FormerHosts(Time time) {
    this.time = time;
  }

  /** Those of {@code state} that can be used; what can't is logged. */
  static FormerHosts open(StateDirectory state, Time time, Randomness randomness) {
    FormerHosts all = new FormerHosts(time);
    for (StateDirectory each : FormerIdentities.of(state)) {
      try {
        HostIdentity identity = HostIdentity.load(each, randomness);
        CoordinatorChannel channel =
            new CoordinatorChannel(
                identity.record().coordinators(),
                TlsContexts.of(time).client(identity.credential(), identity.trust()));
        all.formers.add(
            new Former(
                each, identity, channel, new Renewal(each, identity, channel, time, randomness)));
      } catch (HoldfastException e) {
        LOG.warn("a former identity of this host can't be used: {}", e.getMessage());
      }
    }
    return all;
  }

  boolean isEmpty() {
    return formers.isEmpty();
  }

  /** Until interrupted. */
  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        time.sleep(round() ? LOOK_EVERY : RETRY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop
    }
  }

  /** Does what is due; whether every coordinator knows that this host went. */
  boolean round() {
    boolean allKnow = true;
    for (Former former : formers) {
      allKnow &= FormerIdentities.isConfirmed(former.state()) || confirm(former);
      renew(former);
    }
    return allKnow;
  }

  private boolean confirm(Former former) {
    HostRecord there = FormerIdentities.movedTo(former.state());
    CompleteMoveRequest request =
        CompleteMoveRequest.newBuilder()
            .setFleet(ByteString.copyFrom(there.fleet().toByteArray()))
            .setRepository(ByteString.copyFrom(there.repository().toByteArray()))
            .setNewHost(ByteString.copyFrom(there.host().toByteArray()))
            .addAllAddresses(there.coordinators().stream().map(Endpoint::toString).toList())
            .build();
    Line line = former.channel().line();
    try {
      EnrolmentCalls.completeMove(line, request);
      LOG.info("the {} knows that this host has moved", line.peer());
    } catch (HoldfastException e) {
      former.channel().failed(line);
      LOG.warn("the {} was not told that this host has moved: {}", line.peer(), e.getMessage());
      if (!FINAL.contains(e.code())) {
        return false;
      }
    }
    FormerIdentities.confirmed(former.state());
    return true;
  }

  private void renew(Former former) {
    Instant now = time.now();
    boolean isDue = !now.isBefore(former.renewal().due());
    if (isDue && now.isBefore(former.identity().identity().notAfter())) {
      former.renewal().poll();
    }
  }

  @Override
  public void close() {
    for (Former former : formers) {
      former.channel().close();
      former.identity().close();
    }
  }
}
