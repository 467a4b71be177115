package io.holdfast.deploy.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.MovableTime;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every part of a vault and of a coordinator's disk, harmed in every way, against every step. The
 * words are {@link Trial}'s; {@code never} stands where there never was an older version to come
 * back. A record in the middle of the journal, a checkpoint and a passphrase's wrap are read by no
 * coordinator that runs well: only a verification tells of them in time.
 */
class DamageMatrixTest {
  private static final DamageTable TABLE =
      new DamageTable(
          """
          data pack            delete    loses                         whole            starts               loses             names  names  heals  frees
          data pack            truncate  loses                         whole            starts               loses             names  names  heals  frees
          data pack            flip      loses                         whole            starts               loses             names  names  heals  frees
          data pack            swap      loses                         whole            starts               loses             names  names  heals  frees
          data pack            replay    loses                         whole            starts               loses             names  names  heals  frees
          page pack            delete    CHUNK_NOT_FOUND, first whole  notes            starts               OBJECT_NOT_FOUND  names  names  anew  stops OBJECT_NOT_FOUND, frees
          page pack            truncate  CHUNK_NOT_FOUND, first whole  notes            starts               MALFORMED         names  names  anew  stops MALFORMED, frees
          page pack            flip      CHUNK_CORRUPT, first whole    whole            starts               CHUNK_CORRUPT     names  names  anew  frees
          page pack            swap      CHUNK_NOT_FOUND               notes            starts               CHUNK_CORRUPT     names  names  anew  stops MALFORMED, frees
          page pack            replay    CHUNK_NOT_FOUND, first whole  notes            starts               CHUNK_CORRUPT     names  names  anew  stops MALFORMED, frees
          pack footer          delete    whole                         whole            starts               whole             names  names  whole  frees
          pack footer          truncate  whole                         whole            starts               whole             names  names  whole  frees
          pack footer          flip      whole                         whole            starts               whole             names  names  whole  frees
          pack footer          swap      whole                         whole            starts               whole             names  names  whole  frees
          pack footer          replay    whole                         whole            starts               whole             names  names  whole  frees
          pack trailer         delete    whole                         whole            starts               whole             names  names  whole  frees
          pack trailer         truncate  whole                         whole            starts               whole             names  names  whole  frees
          pack trailer         flip      whole                         whole            starts               whole             names  names  whole  frees
          pack trailer         swap      whole                         whole            starts               whole             names  names  whole  frees
          pack trailer         replay    whole                         whole            starts               whole             names  names  whole  frees
          first record         delete    footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          first record         truncate  footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          first record         flip      footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          first record         swap      footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          first record         replay    never                         never            never                never             never  never  never  never
          middle record        delete    footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          middle record        truncate  footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          middle record        flip      footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          middle record        swap      footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          middle record        replay    footers, notes                JOURNAL_DAMAGED  starts               whole             names  names  whole  no checkpoint JOURNAL_DAMAGED
          last record          delete    whole                         whole            JOURNAL_ROLLED_BACK  down              down   down   down  down
          last record          truncate  footers, notes                JOURNAL_DAMAGED  JOURNAL_DAMAGED      down              down   down   down  down
          last record          flip      footers, notes                JOURNAL_DAMAGED  JOURNAL_DAMAGED      down              down   down   down  down
          last record          swap      footers, notes                JOURNAL_DAMAGED  JOURNAL_DAMAGED      down              down   down   down  down
          last record          replay    footers, notes                JOURNAL_DAMAGED  JOURNAL_DAMAGED      down              down   down   down  down
          checkpoint manifest  delete    whole                         whole            starts               whole             names  names  whole  frees
          checkpoint manifest  truncate  whole                         whole            starts               whole             names  names  whole  frees
          checkpoint manifest  flip      whole                         whole            starts               whole             names  names  whole  frees
          checkpoint manifest  swap      whole                         whole            starts               whole             names  names  whole  frees
          checkpoint manifest  replay    whole                         whole            starts               whole             names  names  whole  frees
          checkpoint file      delete    whole                         whole            starts               whole             names  names  whole  frees
          checkpoint file      truncate  whole                         whole            starts               whole             names  names  whole  no checkpoint MALFORMED
          checkpoint file      flip      whole                         whole            starts               whole             names  names  whole  no checkpoint MALFORMED
          checkpoint file      swap      whole                         whole            starts               whole             names  names  whole  no checkpoint MALFORMED
          checkpoint file      replay    whole                         whole            starts               whole             names  names  whole  no checkpoint MALFORMED
          catalog              delete    whole                         whole            starts               whole             clean  clean  whole  frees
          catalog              truncate  whole                         whole            starts               whole             clean  clean  whole  frees
          catalog              flip      whole                         whole            starts               whole             clean  clean  whole  frees
          catalog              swap      whole                         whole            starts               whole             clean  clean  whole  frees
          catalog              replay    whole                         whole            starts               whole             clean  clean  whole  frees
          passphrase wrap      delete    KEY_UNAVAILABLE               whole            starts               whole             names  names  whole  frees
          passphrase wrap      truncate  MALFORMED                     whole            starts               whole             names  names  whole  frees
          passphrase wrap      flip      MALFORMED                     whole            starts               whole             names  names  whole  frees
          passphrase wrap      swap      KEY_UNAVAILABLE               KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          passphrase wrap      replay    PASSPHRASE_WRONG              whole            starts               whole             clean  clean  whole  frees
          service wrap         delete    whole                         KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          service wrap         truncate  whole                         MALFORMED        MALFORMED            down              down   down   down  down
          service wrap         flip      whole                         MALFORMED        MALFORMED            down              down   down   down  down
          service wrap         swap      KEY_UNAVAILABLE               KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          service wrap         replay    whole                         KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          key ring             delete    KEY_UNAVAILABLE               KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          key ring             truncate  MALFORMED                     MALFORMED        MALFORMED            down              down   down   down  down
          key ring             flip      MALFORMED                     MALFORMED        MALFORMED            down              down   down   down  down
          key ring             swap      KEY_UNAVAILABLE               KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          key ring             replay    CHUNK_ID_MISMATCH?            KEY_UNAVAILABLE  KEY_UNAVAILABLE      down              down   down   down  down
          host key             delete    KEY_UNAVAILABLE               whole            starts               whole             names  names  whole  frees
          host key             truncate  MALFORMED                     whole            starts               whole             names  names  whole  frees
          host key             flip      MALFORMED                     whole            starts               whole             names  names  whole  frees
          host key             swap      MALFORMED                     whole            starts               whole             names  names  whole  frees
          host key             replay    MALFORMED                     whole            starts               whole             names  names  whole  frees
          vault json           delete    VAULT_FOREIGN                 VAULT_FOREIGN    VAULT_FOREIGN        down              down   down   down  down
          vault json           truncate  VAULT_FOREIGN                 VAULT_FOREIGN    VAULT_FOREIGN        down              down   down   down  down
          vault json           flip      VAULT_FOREIGN                 VAULT_FOREIGN    VAULT_FOREIGN        down              down   down   down  down
          vault json           swap      PASSPHRASE_WRONG              MALFORMED        MALFORMED            down              down   down   down  down
          vault json           replay    never                         never            never                never             never  never  never  never
          head memory          delete    whole                         whole            starts               whole             clean  clean  whole  frees
          head memory          truncate  whole                         whole            MALFORMED            down              down   down   down  down
          head memory          flip      whole                         whole            MALFORMED            down              down   down   down  down
          head memory          swap      whole                         whole            VAULT_FOREIGN        down              down   down   down  down
          head memory          replay    whole                         whole            starts               whole             clean  clean  whole  frees
          recovery kit         delete    whole                         whole            starts               whole             clean  clean  whole  frees
          recovery kit         truncate  MALFORMED                     whole            starts               whole             clean  clean  whole  frees
          recovery kit         flip      MALFORMED                     whole            starts               whole             clean  clean  whole  frees
          recovery kit         swap      VAULT_FOREIGN                 whole            starts               whole             clean  clean  whole  frees
          recovery kit         replay    never                         never            never                never             never  never  never  never
          """);

  /** What an ordinary build tries; the rest is for the long ones. */
  private static final Set<Harm> ORDINARY = EnumSet.of(Harm.DELETE, Harm.FLIP);

  /** What an ordinary build also sweeps after, which takes longer than all else. */
  private static final Set<Harm> ORDINARILY_SWEPT = EnumSet.of(Harm.DELETE);

  @TempDir static Path shared;
  @TempDir Path work;

  private static Originals originals;

  @BeforeAll
  static void make() throws Exception {
    originals = new Originals(shared);
  }

  @Test
  void shouldExpectSomethingInEveryCell() throws Exception {
    List<String> wrong = new ArrayList<>();
    Damages whole = new Damages(originals, originals.fleet);
    for (Part part : Part.values()) {
      for (Harm harm : Harm.values()) {
        boolean never = harm == Harm.REPLAY && !whole.hasOlder(part);
        boolean fits =
            TABLE
                .expected(part, harm)
                .filter(cells -> cells.containsValue("never") == never)
                .isPresent();
        if (!fits) {
          wrong.add(part.word() + " " + harm.word());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(Part.values().length * Harm.values().length, TABLE.rows());
  }

  static Stream<Arguments> ordinary() {
    return rows().filter(row -> ORDINARY.contains((Harm) row.get()[1]));
  }

  static Stream<Arguments> others() {
    return rows().filter(row -> !ORDINARILY_SWEPT.contains((Harm) row.get()[1]));
  }

  private static Stream<Arguments> rows() {
    return Arrays.stream(Part.values())
        .flatMap(part -> Arrays.stream(Harm.values()).map(harm -> Arguments.of(part, harm)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ordinary")
  void everyLostOrChangedPartIsNoticedAndNamed(Part part, Harm harm) throws Exception {
    assertExpected(part, harm, ORDINARILY_SWEPT.contains(harm));
  }

  @Tag("full")
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("others")
  void everyOtherHarmIsNoticedAndNamed(Part part, Harm harm) throws Exception {
    if (!TABLE.expected(part, harm).orElseThrow().containsValue("never")) {
      assertExpected(part, harm, true);
    }
  }

  private void assertExpected(Part part, Harm harm, boolean swept) throws Exception {
    Map<Step, String> expected = TABLE.expected(part, harm).orElseThrow();
    if (!swept) {
      expected.remove(Step.GC);
    }
    Map<Step, String> found = outcomes(part, harm, swept);
    assertTrue(
        expected.equals(found),
        () ->
            "expected\n"
                + DamageTable.row(part, harm, expected)
                + "\nfound\n"
                + DamageTable.row(part, harm, found));
  }

  private Map<Step, String> outcomes(Part part, Harm harm, boolean swept) throws Exception {
    Map<Step, String> cells = new EnumMap<>(Step.class);
    Fleet fleet = damaged(part, harm, "fleet");
    Damages damages = new Damages(originals, fleet);
    try (Trial trial = new Trial(originals, fleet, work, damages, part, harm)) {
      cells.put(Step.RECOVER, trial.recover());
      try (Fleet copy = damaged(part, harm, "copy")) {
        cells.put(Step.REBUILD, trial.rebuild(copy));
      }
      cells.put(Step.START, trial.start());
      boolean up = cells.get(Step.START).equals("starts");
      cells.put(Step.RESTORE, up ? trial.restore() : "down");
      cells.put(Step.CHECKED, up ? trial.verify(VerifyLevel.VERIFY_LEVEL_CHECKED) : "down");
      cells.put(Step.PROVEN, up ? trial.verify(VerifyLevel.VERIFY_LEVEL_PROVEN) : "down");
      cells.put(Step.BACKUP, up ? trial.backup() : "down");
      if (swept) {
        cells.put(Step.GC, up ? sweeps(trial, part, harm) : "down");
      }
    }
    return cells;
  }

  private String sweeps(Trial trial, Part part, Harm harm) throws Exception {
    String first;
    Fleet copy = damaged(part, harm, "swept");
    Damages damages = new Damages(originals, copy);
    try (Trial unaware =
        new Trial(
            originals, copy, Files.createDirectory(work.resolve("sweep")), damages, part, harm)) {
      first = unaware.sweep();
    }
    String last = trial.sweepToTheEnd();
    return first.equals(last) ? last : first + ", " + last;
  }

  private Fleet damaged(Part part, Harm harm, String name) throws Exception {
    Fleet fleet = Fleet.copyOf(originals.fleet, work.resolve(name), new MovableTime());
    new Damages(originals, fleet).harm(part, harm);
    return fleet;
  }
}
