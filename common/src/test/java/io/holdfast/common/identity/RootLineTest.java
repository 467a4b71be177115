package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.StoredRoot;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One root after the other, and everybody who would be one. */
class RootLineTest {
  private final Fleet fleet = new Fleet(1);
  private final Fleet stranger = new Fleet(2);
  private final FleetAuthority first = fleet.authority;
  private final FleetAuthority second = root();
  private final FleetAuthority third = root();
  private final X509Certificate link = first.introduce(second.certificate());
  private final RootLine line =
      RootLine.founded(first.certificate()).succeededBy(second.certificate(), link);

  private FleetAuthority root() {
    return FleetAuthority.create(first.fleet(), fleet.time, fleet.randomness);
  }

  private static void assertRefused(Runnable action) {
    assertCode(ErrorCode.CERTIFICATE_INVALID, action::run);
  }

  /** A coordinator's chain under {@code authority}, and what is shown behind it. */
  private List<X509Certificate> chain(FleetAuthority authority, List<X509Certificate> behind) {
    IssuingAuthority issuing = authority.issuingAuthority("alpha");
    List<X509Certificate> chain =
        fleet
            .enrol(request ->
                issuing.coordinator(request, Fleet.COORDINATOR, Duration.ofDays(9), List.of()))
            .chain();
    return Stream.concat(chain.subList(0, behind.isEmpty() ? 3 : 2).stream(), behind.stream())
        .toList();
  }

  private void verify(FleetTrust trust, List<X509Certificate> chain) {
    trust.verify(chain, Purpose.TLS_SERVER, fleet.time.now());
  }

  @Test
  void shouldKnowItsRootsAndKeepThem() {
    RootLine all = line.succeededBy(third.certificate(), second.introduce(third.certificate()));
    assertEquals(first.certificate(), all.first());
    assertEquals(third.certificate(), all.newest());
    assertTrue(all.contains(second.fingerprint()));
    assertEquals(all, RootLine.parse(all.encode()));
    RootLine rest = all.since(second.fingerprint());
    assertEquals(List.of(second.certificate(), third.certificate()), rest.roots());
    assertEquals(rest, RootLine.parse(rest.encode()));
    assertEquals(List.of(), RootLine.founded(first.certificate()).shown());
  }

  @Test
  void shouldTakeNoRootThatTheNewestOneDidNotIntroduce() {
    assertRefused(
        () -> line.succeededBy(third.certificate(), first.introduce(third.certificate())));
    assertRefused(() -> line.succeededBy(third.certificate(), link));
    assertRefused(
        () -> line.succeededBy(first.certificate(), second.introduce(first.certificate())));
    assertRefused(() -> line.succeededBy(second.certificate(), link));
    assertRefused(() -> first.introduce(first.certificate()));
    assertRefused(() -> first.introduce(stranger.authority.certificate()));
    assertRefused(() -> first.introduce(first.issuingAuthority("x").key().leaf()));
    assertRefused(() ->
        RootLine.requireSuccession(
            first.certificate(), second.certificate(), first.issuingAuthority("x").key().leaf()));
  }

  @Test
  void aFlippedByteShouldChangeNothingOfWhatAStatementSays() throws Exception {
    List<StoredRoot> stored = line.encode();
    byte[] good = stored.getLast().link().toByteArray();
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      StoredRoot damaged = new StoredRoot(stored.getLast().certificate(), ByteString.copyFrom(bad));
      try {
        RootLine read = RootLine.parse(List.of(stored.getFirst(), damaged));
        assertArrayEquals(
            link.getTBSCertificate(), read.steps().getLast().link().get().getTBSCertificate());
      } catch (HoldfastException refused) {
        assertEquals(ErrorCode.CERTIFICATE_INVALID, refused.code(), refused.getMessage());
      }
    }
  }

  @Test
  void whoWasAwayShouldFindTheWayToTheNewRoot() {
    FleetTrust pinned = FleetTrust.following(List.of(first.certificate()));
    verify(pinned, chain(second, line.shown()));
    verify(FleetTrust.following(first.fingerprint()), chain(second, line.shown()));
    verify(pinned, chain(first, List.of()));
    RootLine all = line.succeededBy(third.certificate(), second.introduce(third.certificate()));
    verify(pinned, chain(third, all.shown()));
    verify(FleetTrust.following(second.fingerprint()), chain(third, all.shown()));
    assertRefused(() -> verify(pinned, chain(third, all.since(second.fingerprint()).shown())));
  }

  @Test
  void nobodyElseShouldBeFollowed() {
    List<X509Certificate> shown = chain(second, line.shown());
    assertRefused(() -> verify(FleetTrust.of(first.certificate()), shown));
    assertRefused(() -> verify(FleetTrust.following(List.of(third.certificate())), shown));
    FleetTrust both = FleetTrust.following(List.of(first.certificate(), second.certificate()));
    RootLine rival =
        RootLine.founded(first.certificate())
            .succeededBy(third.certificate(), first.introduce(third.certificate()));
    assertRefused(() -> verify(both, chain(third, rival.shown())));
    FleetTrust one = FleetTrust.following(List.of(first.certificate()));
    List<X509Certificate> withoutLink = new ArrayList<>(shown);
    withoutLink.remove(link);
    assertRefused(() -> verify(one, withoutLink));
    List<X509Certificate> otherRoot = new ArrayList<>(chain(third, line.shown()));
    assertRefused(() -> verify(one, otherRoot));
    List<X509Certificate> tooMany = new ArrayList<>(shown);
    for (int i = 0; i < 9; i++) {
      tooMany.add(link);
    }
    assertRefused(() -> verify(one, tooMany));
  }

  @Test
  void aStatementShouldBeFollowedNoLongerThanItsSignerIsGood() {
    FleetTrust pinned = FleetTrust.following(List.of(first.certificate()));
    fleet.time.advance(FleetAuthority.ROOT_LIFE.plusSeconds(1));
    FleetAuthority fresh = root();
    List<X509Certificate> shown =
        chain(
            fresh,
            List.of(
                fresh.certificate(), first.introduce(fresh.certificate()), first.certificate()));
    assertCode(ErrorCode.CERTIFICATE_EXPIRED, () -> verify(pinned, shown));
  }

  @Test
  void aRootThatIsPinnedNoMoreShouldBeBelievedNoMore() {
    FleetTrust trust = FleetTrust.following(List.of(first.certificate(), second.certificate()));
    List<X509Certificate> old = chain(first, List.of());
    verify(trust, old);
    trust.pin(List.of(second.certificate()));
    assertRefused(() -> verify(trust, old));
    assertRefused(() -> verify(trust, chain(first, line.shown())));
    verify(trust, chain(second, line.shown()));
  }
}
