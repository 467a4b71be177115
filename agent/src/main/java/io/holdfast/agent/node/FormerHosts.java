package io.holdfast.agent.node;

import io.holdfast.agent.enrolment.FormerIdentities;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.Renewal;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.CompleteMoveAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host was before: tells the coordinators there that it went, until they know, learns
 * from them of other fleet roots, and keeps the certificates by which it reads there fresh. One
 * thread runs it; another one closes.
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

  /** What no soon repetition puts right. */
  private static final Set<ErrorCode> FOR_PEOPLE =
      EnumSet.of(ErrorCode.CERTIFICATE_INVALID, ErrorCode.SIGNATURE_INVALID);

  private static final class Former {
    final StateDirectory state;
    final HostIdentity identity;
    final CoordinatorChannel channel;
    final Renewal renewal;

    /** Nothing is to be said there any more. */
    boolean ended;

    Former(StateDirectory state, HostIdentity identity, Time time, Randomness randomness) {
      this.state = state;
      this.identity = identity;
      this.channel =
          new CoordinatorChannel(
              identity.record().coordinators(),
              TlsContexts.of(time).client(identity.credential(), identity.trust()));
      this.renewal = new Renewal(state, identity, channel, time, randomness);
    }

    boolean isNewest() {
      return identity.roots().isNewest(identity.credential().current());
    }
  }

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
        all.formers.add(new Former(each, HostIdentity.load(each, randomness), time, randomness));
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

  /** Does what is due; whether that is all for an hour. */
  boolean round() {
    boolean isAll = true;
    for (Former former : formers) {
      if (!former.ended) {
        isAll &= round(former);
      }
    }
    return isAll;
  }

  private boolean round(Former former) {
    boolean isSaid = say(former);
    boolean wasNewest = former.isNewest();
    renew(former);
    if (isSaid && !wasNewest && former.isNewest()) {
      return say(former); // by the new certificate, so that they know of it
    }
    boolean changesSoon = !former.isNewest() && time.now().isBefore(former.renewal.due());
    return isSaid && (former.ended || !changesSoon);
  }

  /** An address that didn't take what was said. */
  private record Refusal(Line line, HoldfastException why) {}

  /** Asks one address after the other; false if it is to be said again soon. */
  private boolean say(Former former) {
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < former.channel.endpointCount(); i++) {
      Line line = former.channel.line();
      try {
        said(former, line);
        return true;
      } catch (HoldfastException e) {
        former.channel.failed(line);
        refusals.add(new Refusal(line, e));
      }
    }
    refusals.forEach(refusal -> complain(former, refusal));
    Set<ErrorCode> codes =
        refusals.stream().map(refusal -> refusal.why().code()).collect(Collectors.toSet());
    // Somebody else may be at one of them by now; that it is revoked, only the right one knows.
    if (codes.contains(ErrorCode.HOST_REVOKED) || FINAL.containsAll(codes)) {
      former.ended = true;
      FormerIdentities.confirmed(former.state);
      return true;
    }
    return FormerIdentities.isConfirmed(former.state)
        || codes.stream().anyMatch(FOR_PEOPLE::contains);
  }

  private static void said(Former former, Line line) {
    CompleteMoveAnswer answer =
        EnrolmentCalls.completeMove(line, FormerIdentities.says(former.state, former.identity));
    if (!FormerIdentities.isConfirmed(former.state)) {
      LOG.info("the {} knows that this host has moved", line.peer());
      FormerIdentities.confirmed(former.state);
    }
    former.identity.roots().learn(answer.getRootsList());
    former.renewal.rootsChanged();
  }

  private static void complain(Former former, Refusal refusal) {
    String peer = refusal.line().peer();
    String why = refusal.why().getMessage();
    if (FOR_PEOPLE.contains(refusal.why().code())) {
      LOG.error(
          "the {}, of a repository that this host moved away from, wasn't told so: {}. If the fleet"
              + " root there was replaced and the old one retired meanwhile, this host reads there"
              + " no more, and what it stored there can be restored to another host. Unless"
              + " `holdfast host ls` says there that it moved, end it there by: holdfast host"
              + " revoke {}",
          peer,
          why,
          former.identity.record().host());
    } else if (!FormerIdentities.isConfirmed(former.state)) {
      LOG.warn("the {} was not told that this host has moved: {}", peer, why);
    }
  }

  private void renew(Former former) {
    Instant now = time.now();
    boolean isDue = !former.ended && !now.isBefore(former.renewal.due());
    if (isDue && now.isBefore(former.identity.identity().notAfter())) {
      former.renewal.poll();
    }
  }

  @Override
  public void close() {
    for (Former former : formers) {
      former.channel.close();
      former.identity.close();
    }
  }
}
