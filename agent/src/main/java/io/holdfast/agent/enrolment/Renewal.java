package io.holdfast.agent.enrolment;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.Purpose;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.RenewRequest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificate fresh: at two thirds of its life, and a random part of the next twelfth, it
 * is exchanged for a new one under a new key; and within {@link #CHANGE_OVER} when it is under
 * another root than the newest. Until that is durable the old one is used. One thread runs it, any
 * thread tells it of roots.
 */
public final class Renewal implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  /** A clock that is set, or a machine that sleeps, is noticed within this. */
  private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

  /** Hosts of a large fleet learn of a new root at one moment. */
  private static final Duration CHANGE_OVER = Duration.ofMinutes(2);

  /** What {@link #rootsChanged} says is noticed within this. */
  private static final Duration STEP = Duration.ofSeconds(10);

  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final int JITTER_PARTS = 12;

  private final StateDirectory state;
  private final HostIdentity identity;
  private final CoordinatorChannel channel;
  private final Time time;
  private final Randomness randomness;
  private volatile Instant due;
  private volatile boolean told;
  private volatile Runnable changedOver = () -> {};

  public Renewal(
      StateDirectory state,
      HostIdentity identity,
      CoordinatorChannel channel,
      Time time,
      Randomness randomness) {
    this.state = state;
    this.identity = identity;
    this.channel = channel;
    this.time = time;
    this.randomness = randomness;
    this.due = due(identity.identity());
  }

  private Instant due(Identity held) {
    Instant begin = held.certificate().getNotBefore().toInstant();
    Duration twelfth = Duration.between(begin, held.notAfter()).dividedBy(JITTER_PARTS);
    long part = Byte.toUnsignedLong(randomness.bytes(1)[0]);
    return held.renewAt().plus(twelfth.multipliedBy(part).dividedBy(256));
  }

  /** The roots changed: a certificate under another than the newest is renewed soon. */
  public void rootsChanged() {
    if (!identity.roots().isNewest(identity.credential().current())) {
      long part = Byte.toUnsignedLong(randomness.bytes(1)[0]);
      Instant soon = time.now().plus(CHANGE_OVER.multipliedBy(part).dividedBy(256));
      due = soon.isBefore(due) ? soon : due;
      told = true;
    }
  }

  /** Who is told when the certificate is under another root than before. */
  public void onChangeOver(Runnable listener) {
    changedOver = listener;
  }

  /** When the present certificate will be renewed. */
  public Instant due() {
    return due;
  }

  /** Until interrupted. */
  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Duration left = poll();
        told = false;
        while (!told && left.isPositive()) {
          Duration step = left.compareTo(STEP) < 0 ? left : STEP;
          time.sleep(step);
          left = left.minus(step);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop
    }
  }

  /** Renews if it is time to, and says how long to wait before the next poll. */
  public Duration poll() {
    Instant now = time.now();
    if (now.isBefore(due)) {
      Duration left = Duration.between(now, due);
      return left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY;
    }
    try {
      identity.requireValid(now);
      renew();
      return LOOK_EVERY;
    } catch (HoldfastException e) {
      LOG.error("the certificate was not renewed: {}", e.getMessage());
      return e.kind() == ErrorKind.RETRY || e.kind() == ErrorKind.FENCED ? RETRY : LOOK_EVERY;
    }
  }

  private void renew() {
    Line line = channel.line();
    SigningKey key = SigningKey.generate(randomness);
    RenewRequest request =
        RenewRequest.newBuilder()
            .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(key, randomness)))
            .build();
    CertifiedKey renewed;
    try {
      renewed =
          check(key, Enrolment.chain(EnrolmentCalls.renew(line, request).getCertificatesList()));
    } catch (HoldfastException e) {
      channel.failed(line);
      throw e;
    }
    boolean isOver =
        !PinnedRoots.rootOf(renewed).equals(PinnedRoots.rootOf(identity.credential().current()));
    PemFiles.writeCredential(state.credential(), renewed);
    identity.credential().replace(renewed);
    channel.reconnect();
    due = due(identity.identity());
    if (isOver) {
      changedOver.run();
    }
    LOG.info("the certificate was renewed and is valid until {}", identity.identity().notAfter());
  }

  private CertifiedKey check(SigningKey key, List<X509Certificate> chain) {
    Identity named = identity.trust().verify(chain, Purpose.TLS_CLIENT, time.now());
    if (!named.principal().equals(identity.identity().principal())) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the coordinator renewed the certificate of this host, "
              + identity.record().host()
              + ", for "
              + named
              + "; the old one stays in use");
    }
    return CertifiedKey.of(key, Enrolment.own(chain), randomness);
  }
}
