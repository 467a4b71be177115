package io.holdfast.agent.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.FleetRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a host learns of the fleet's roots, and from whom it doesn't. */
class PinnedRootsTest {
  private static final Randomness RANDOMNESS = Randomness.secure();
  private static final FleetId FLEET = FleetId.of(new byte[16]);

  @TempDir Path directory;

  private final FleetAuthority first = root();
  private final FleetAuthority second = root();
  private final FleetAuthority third = root();
  private final RootLine founded = RootLine.founded(first.certificate());
  private final RootLine two = next(founded, first, second);
  private final RootLine three = next(two, second, third);
  private StateDirectory state;
  private PinnedRoots roots;

  @BeforeEach
  void enrol() {
    state = StateDirectory.open(directory);
    roots = PinnedRoots.enrolled(state, first.certificate());
  }

  private static FleetAuthority root() {
    return FleetAuthority.create(FLEET, Time.system(), RANDOMNESS);
  }

  private static RootLine next(RootLine line, FleetAuthority by, FleetAuthority root) {
    return line.succeededBy(root.certificate(), by.introduce(root.certificate()));
  }

  private static List<FleetRoot> wire(RootLine line) {
    return line.encode().stream()
        .map(root ->
            FleetRoot.newBuilder().setCertificate(root.certificate()).setLink(root.link()).build())
        .toList();
  }

  private static List<Fingerprint> fingerprints(FleetAuthority... roots) {
    return java.util.Arrays.stream(roots).map(FleetAuthority::fingerprint).toList();
  }

  /** As after a restart of the agent, whose certificate is under the first root still. */
  private PinnedRoots again() {
    CertifiedKey credential = first.key();
    return PinnedRoots.open(state, credential);
  }

  private void assertRefused(List<FleetRoot> told) {
    List<Fingerprint> before = roots.believed();
    Executable learning = () -> roots.learn(told);
    HoldfastException why = assertThrows(HoldfastException.class, learning);
    assertEquals(ErrorCode.CERTIFICATE_INVALID, why.code(), why.getMessage());
    assertEquals(before, roots.believed());
  }

  @Test
  void shouldKeepWhatItLearnsAndLetGoOfWhatIsRetired() throws Exception {
    assertFalse(roots.learn(List.of()));
    assertFalse(roots.learn(wire(founded)));
    assertFalse(Files.exists(state.roots()));
    assertTrue(roots.learn(wire(two)));
    assertFalse(roots.learn(wire(two)), "again");
    assertEquals(fingerprints(first, second), roots.believed());
    assertEquals(fingerprints(first, second), again().believed());
    assertFalse(roots.isNewest(first.key()));
    assertTrue(roots.isNewest(second.key()));
    assertTrue(roots.learn(wire(two.since(second.fingerprint()))));
    assertEquals(fingerprints(second), again().believed());
    assertTrue(roots.learn(wire(three.since(second.fingerprint()))));
    assertEquals(fingerprints(second, third), again().believed());
    assertEquals(
        Set.of("rw-------"),
        Set.of(
            java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.roots()))));
  }

  @Test
  void shouldCatchUpWithAllThatItMissed() {
    assertTrue(roots.learn(wire(three)));
    assertEquals(fingerprints(first, second, third), again().believed());
  }

  @Test
  void shouldFollowNobodyBackOrAside() {
    roots.learn(wire(two));
    assertRefused(wire(founded)); // the old root alone
    assertRefused(wire(next(founded, first, third))); // a rival of the second
    assertRefused(wire(RootLine.founded(third.certificate())));
    roots.learn(wire(two.since(second.fingerprint())));
    assertEquals(fingerprints(second), roots.believed());
    roots.learn(wire(two)); // a coordinator that was set back to before the retirement
    assertEquals(fingerprints(second), roots.believed(), "what is retired stays so");
  }

  @Test
  void shouldSayWhichFileIsDamaged() throws Exception {
    roots.learn(wire(two));
    byte[] good = Files.readAllBytes(state.roots());
    for (int at = 0; at < good.length; at += 7) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(state.roots(), bad);
      HoldfastException why = assertThrows(HoldfastException.class, this::again);
      assertTrue(why.getMessage().contains(state.roots().toString()), why.getMessage());
    }
  }
}
