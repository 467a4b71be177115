package io.holdfast.deploy.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every part of a vault and a coordinator's disk, harmed in every way, against every step. */
class DamageMatrixTest {
  @TempDir static Path shared;
  @TempDir Path work;

  private static Originals originals;

  @BeforeAll
  static void make() throws Exception {
    originals = new Originals(shared);
  }

  @Test
  void shouldExpectSomethingInEveryCell() throws Exception {
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Part.values())
        .flatMap(part -> Arrays.stream(Harm.values()).map(harm -> Arguments.of(part, harm)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void explore(Part part, Harm harm) throws Exception {
    Map<Step, String> cells;
    try {
      cells = outcomes(part, harm);
      Files.writeString(Path.of(System.getProperty("matrix.out")), DamageTable.row(part, harm, cells) + "\n", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    } catch (Throwable t) {
      Files.writeString(Path.of(System.getProperty("matrix.out")), part + " " + harm + " " + t + "\n", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
      throw t;
    }
  }

  private Map<Step, String> outcomes(Part part, Harm harm) throws Exception {
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
    }
    return cells;
  }

  private Fleet damaged(Part part, Harm harm, String name) throws Exception {
    Fleet fleet = Fleet.copyOf(originals.fleet, work.resolve(name));
    Damages damages = new Damages(originals, fleet);
    if (harm != Harm.REPLAY || damages.hasOlder(part)) {
      damages.harm(part, harm);
    }
    return fleet;
  }
}
