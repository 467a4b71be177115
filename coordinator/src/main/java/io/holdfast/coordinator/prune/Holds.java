package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedHold;
import io.holdfast.coordinator.catalog.RetentionQueries;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HoldDetails;
import io.holdfast.proto.stored.v1.HoldReleased;
import io.holdfast.proto.stored.v1.HoldSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Holds: what keeps snapshots from rules and from people, until it is released. Any thread; changes
 * are made one after another, since no two holds have one name.
 */
public final class Holds {
  private static final int NAME_MAX = 100;
  private static final int REASON_MAX = 1_000;
  private static final int NAMED_MAX = 50;

  private final FleetPorts fleet;
  private final ReentrantLock changing = new ReentrantLock();

  public Holds(FleetPorts fleet) {
    this.fleet = fleet;
  }

  /** A hold as people see it. */
  public record Hold(
      ByteString id,
      String name,
      String reason,
      String actor,
      Instant set,
      List<ByteString> snapshots) {}

  /** Hands every hold to {@code out}, in no order. */
  public void list(Consumer<Hold> out) {
    all().forEach(out);
  }

  private List<Hold> all() {
    List<Hold> found = new ArrayList<>();
    try (CatalogView view = fleet.views().get()) {
      view.retention().forEachHold(hold -> found.add(opened(hold)));
    }
    return found;
  }

  private Hold opened(RecordedHold hold) {
    HoldDetails details = details(hold);
    return new Hold(
        hold.set().getHold(),
        details.getName(),
        details.getReason(),
        details.getActor(),
        Instant.ofEpochMilli(hold.timeMillis()),
        hold.set().getSnapshotsList());
  }

  private HoldDetails details(RecordedHold hold) {
    return fleet
        .mutations()
        .open(hold.mutation())
        .map(Details::getHold)
        .orElse(HoldDetails.getDefaultInstance());
  }

  /** Names of the holds on {@code snapshot}. */
  List<String> namesOn(SnapshotId snapshot, CatalogView view) {
    return view.retention().holdsOn(snapshot).stream()
        .map(hold -> details(hold).getName())
        .toList();
  }

  /**
   * Holds {@code snapshots} for {@code actor}. INVALID_ARGUMENT for a name that another hold has,
   * none, or too much; errors of the journal.
   */
  public Hold set(String name, String reason, Set<SnapshotId> snapshots, String actor)
      throws InterruptedException {
    requireSense(name, reason, snapshots);
    changing.lockInterruptibly();
    try {
      requireNew(name);
      ByteString id = ByteString.copyFrom(fleet.randomness().bytes(16));
      HoldSet set =
          HoldSet.newBuilder()
              .setHold(id)
              .addAllSnapshots(snapshots.stream().map(PruneRecords::bytes).toList())
              .build();
      fleet.append(
          fleet
              .mutations()
              .seal(Change.newBuilder().setHoldSet(set).build(), details(actor, name, reason)));
      return get(hex(id));
    } finally {
      changing.unlock();
    }
  }

  private static void requireSense(String name, String reason, Set<SnapshotId> snapshots) {
    boolean isSense =
        !name.isBlank()
            && name.length() <= NAME_MAX
            && reason.length() <= REASON_MAX
            && !snapshots.isEmpty()
            && snapshots.size() <= RetentionQueries.SNAPSHOTS_MAX;
    if (!isSense) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a hold has a name of up to "
              + NAME_MAX
              + " characters, a reason of up to "
              + REASON_MAX
              + ", and from 1 to "
              + RetentionQueries.SNAPSHOTS_MAX
              + " snapshots; set several for more");
    }
  }

  private void requireNew(String name) {
    if (all().stream().anyMatch(hold -> hold.name().equals(name))) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a hold is called '"
              + name
              + "' already; choose another name, or release it first, by: holdfast hold release");
    }
  }

  /**
   * Releases the hold that {@code name} is the name or the id of, for {@code actor}; returns it as
   * it was. HOLD_NOT_FOUND, CONFIRMATION_REQUIRED, errors of the journal.
   */
  public Hold release(String name, boolean confirmed, String actor) throws InterruptedException {
    changing.lockInterruptibly();
    try {
      Hold hold = get(name);
      if (!confirmed) {
        throw new HoldfastException(
            ErrorCode.CONFIRMATION_REQUIRED,
            "once hold '"
                + hold.name()
                + "' is released, "
                + hold.snapshots().size()
                + " snapshots may be deleted by rules and people; say that this is wanted (--yes)");
      }
      HoldReleased released = HoldReleased.newBuilder().setHold(hold.id()).build();
      fleet.append(
          fleet
              .mutations()
              .seal(
                  Change.newBuilder().setHoldReleased(released).build(),
                  details(actor, hold.name(), hold.reason())));
      return hold;
    } finally {
      changing.unlock();
    }
  }

  /** What {@code hold} is, and what it keeps. */
  public String words(Hold hold) {
    String ids =
        hold.snapshots().stream()
            .limit(NAMED_MAX)
            .map(id -> hex(id).substring(0, 12))
            .collect(Collectors.joining(", "));
    int more = hold.snapshots().size() - NAMED_MAX;
    return "hold '"
        + hold.name()
        + "' of "
        + hold.set()
        + (hold.reason().isEmpty() ? "" : " (" + hold.reason() + ")")
        + ", which keeps "
        + hold.snapshots().size()
        + " snapshots: "
        + ids
        + (more > 0 ? " and " + more + " more; see them with: holdfast hold ls" : "");
  }

  /** The one of that name or id; HOLD_NOT_FOUND. */
  public Hold get(String name) {
    return all().stream()
        .filter(hold -> hold.name().equals(name) || hex(hold.id()).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.HOLD_NOT_FOUND,
                "no hold is called '" + name + "'; see them with: holdfast hold ls"));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static Details details(String actor, String name, String reason) {
    return Details.newBuilder()
        .setHold(HoldDetails.newBuilder().setActor(actor).setName(name).setReason(reason))
        .build();
  }
}
