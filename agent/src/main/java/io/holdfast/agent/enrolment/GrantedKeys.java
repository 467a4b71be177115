package io.holdfast.agent.enrolment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.KeyGeneration;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKeys;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key generations that this host was granted, and those that came after it was enrolled: one
 * that a session names and that isn't known here is fetched, once. Those of a host of a private
 * repository are its own, and nothing is fetched. Any thread.
 *
 * <ol>
 *   <li>I1: what is fetched is durable before it is used: what was sealed under it can be opened
 *       after a restart without anybody.
 *   <li>I2: a generation that is known never changes, nor does the recovery key: a coordinator that
 *       says otherwise is refused, and what is known stays.
 * </ol>
 */
public final class GrantedKeys implements ChunkGenerations {
  private static final Logger LOG = LoggerFactory.getLogger(GrantedKeys.class);

  private final StateDirectory state;
  private final Supplier<KeyGrant> fetching;

  @GuardedBy("this")
  private KeyGrant grant;

  private volatile List<ChunkKeys> known;

  /** For tests: {@code fetching} asks for the grant as it is now. */
  GrantedKeys(StateDirectory state, KeyGrant grant, Supplier<KeyGrant> fetching) {
    this.state = state;
    this.grant = grant;
    this.fetching = fetching;
    this.known = derive(grant);
  }

  /** The keys of {@code identity}, which stays its owner's; newer ones are asked for by a call. */
  public static GrantedKeys of(
      StateDirectory state, HostIdentity identity, CoordinatorChannel channel) {
    return new GrantedKeys(state, identity.grant(), () -> fetch(channel));
  }

  private static KeyGrant fetch(CoordinatorChannel channel) {
    Line line = channel.line();
    return KeyGrant.parse(EnrolmentCalls.fetchKeys(line).getKeyGrant().toByteArray());
  }

  private static List<ChunkKeys> derive(KeyGrant grant) {
    return ChunkKeys.allOf(grant.repository(), grant.generations());
  }

  @Override
  public List<ChunkKeys> all() {
    return known;
  }

  /**
   * As {@link ChunkGenerations#get}; MALFORMED if the coordinator's answer contradicts what is
   * known, and errors of the call.
   */
  @Override
  public ChunkKeys get(int number) {
    return find(number).orElseGet(() -> learn(number));
  }

  private synchronized ChunkKeys learn(int number) {
    Optional<ChunkKeys> meanwhile = find(number);
    if (meanwhile.isPresent()) {
      return meanwhile.get();
    }
    if (grant.isPrivate()) { // whoever gave other keys could open what is sealed under them
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the coordinator names key generation "
              + Integer.toUnsignedString(number)
              + ", and the keys of this host of a private repository are its own, made here: find"
              + " out what answers at the coordinator's address");
    }
    KeyGrant answer = fetching.get();
    requireSame(answer);
    if (answer.generations().all().stream().noneMatch(one -> one.number() == number)) {
      throw ChunkGenerations.unknown(number);
    }
    HostIdentity.saveGrant(state, answer); // I1
    grant = answer;
    known = derive(answer);
    LOG.info("fetched key generation {}", answer.generations().current().number());
    return find(number).orElseThrow(() -> ChunkGenerations.unknown(number));
  }

  /** I2. */
  @GuardedBy("this")
  private void requireSame(KeyGrant answer) {
    boolean isSame =
        answer.repository().equals(grant.repository())
            && answer.recoveryPublicKey().equals(grant.recoveryPublicKey())
            && answer.repositoryRecoveryKey().equals(grant.repositoryRecoveryKey())
            && grant.generations().all().stream().allMatch(one -> isIn(answer, one));
    if (!isSame) {
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          "the coordinator's answer changes keys that this host has: they stay as they are; find"
              + " out what answers at the coordinator's address");
    }
  }

  private static boolean isIn(KeyGrant answer, KeyGeneration known) {
    return answer.generations().all().stream()
        .filter(one -> one.number() == known.number())
        .anyMatch(one ->
            one.idRoot().sameAs(known.idRoot()) && one.gearSecret().sameAs(known.gearSecret()));
  }
}
