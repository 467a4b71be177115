package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.proto.wire.v1.VerifyLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a fleet has promised, and whether it keeps it. Snapshots that are listed without having been
 * acknowledged must be as whole as the others. One thread.
 */
final class Claims {
  private final ProcessFleet fleet;
  private final SeededSource source;
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> givenUp = new HashSet<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final SequencedMap<String, Integer> listed = new LinkedHashMap<>();

  Claims(ProcessFleet fleet, SeededSource source) {
    this.fleet = fleet;
    this.source = source;
  }

  /** Takes {@code told} down if it is a success. */
  void note(ProcessFleet.Told told) {
    told.acknowledged().ifPresent(this::note);
  }

  void note(String snapshot) {
    acknowledged.add(snapshot);
    versions.put(snapshot, source.version());
  }

  /** One that is listed, and not the newest, if there is one: it may go from now on. */
  Optional<String> giveUp(RandomGenerator random) {
    List<String> all = listed.keySet().stream().filter(each -> !givenUp.contains(each)).toList();
    if (all.size() < 2) {
      return Optional.empty();
    }
    String going = all.get(random.nextInt(all.size() - 1));
    givenUp.add(going);
    return Optional.of(going);
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /** All snapshots seen that nobody was told of. */
  int unacknowledged() {
    return listed.size() - acknowledged.size();
  }

  /**
   * Everything acknowledged and not given up is listed; what is new since the last check, and one
   * that isn't, restores as the source is now, or was then.
   */
  void check(RandomGenerator random) throws Exception {
    List<String> now = fleet.snapshots();
    Set<String> lost = new HashSet<>(acknowledged);
    now.forEach(lost::remove);
    lost.removeAll(givenUp);
    assertTrue(lost.isEmpty(), () -> "acknowledged and not listed: " + lost);
    List<String> toRestore = new ArrayList<>();
    for (String snapshot : now) {
      int version = versions.getOrDefault(snapshot, source.version());
      if (listed.putIfAbsent(snapshot, version) == null) {
        toRestore.add(snapshot);
      }
    }
    toRestore.add(now.get(random.nextInt(now.size())));
    for (String snapshot : toRestore) {
      restore(snapshot, listed.get(snapshot));
    }
  }

  /** Every single snapshot that is there restores, and the vault is proven. */
  void checkAll() throws Exception {
    Set<String> now = new HashSet<>(fleet.snapshots());
    for (Map.Entry<String, Integer> each : listed.entrySet()) {
      if (now.contains(each.getKey())) {
        restore(each.getKey(), each.getValue());
      } else {
        assertTrue(givenUp.contains(each.getKey()), () -> each.getKey() + " is gone");
      }
    }
    fleet.checkVerifies(VerifyLevel.VERIFY_LEVEL_PROVEN);
  }

  private void restore(String snapshot, int version) throws Exception {
    fleet.checkRestores(snapshot, source.directory(), source.tree(version));
  }
}
