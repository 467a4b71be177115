package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RetentionQueries;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.retention.Approval;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RetentionApprovalDetails;
import io.holdfast.proto.stored.v1.RetentionApproved;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What operators let pass that retention waits with. Any thread. */
public final class RetentionApprovals {
  /** How long an approval is good if nobody says. (tune) */
  public static final Duration USUAL_LIFE = Duration.ofDays(7);

  private static final Duration MOST_LIFE = Duration.ofDays(366);
  private static final long MOST = 1_000_000_000;

  private final FleetPorts fleet;

  public RetentionApprovals(FleetPorts fleet) {
    this.fleet = fleet;
  }

  /** One that was given. */
  public record Given(ByteString id, Instant validUntil) {}

  /**
   * What is in force for a host.
   *
   * @param id of what lets so many expire; empty if nothing does
   */
  record InForce(ByteString id, Approval amounts) {}

  /**
   * Approves for {@code actor} that so many snapshots of {@code host} may go by one decision, and
   * that so many unscheduled ones a day are ordinary. INVALID_ARGUMENT; errors of the journal.
   */
  public Given give(HostId host, Approval amounts, Duration life, String actor)
      throws InterruptedException {
    requireSense(amounts, life);
    ByteString id = ByteString.copyFrom(fleet.randomness().bytes(16));
    Instant until = now().plus(life);
    fleet.append(mutation(host, id, amounts, until, actor));
    return new Given(id, until);
  }

  private static void requireSense(Approval amounts, Duration life) {
    boolean isSense =
        amounts.expiring() >= 0
            && amounts.unscheduledPerDay() >= 0
            && amounts.expiring() + amounts.unscheduledPerDay() > 0
            && amounts.expiring() <= MOST
            && amounts.unscheduledPerDay() <= MOST
            && life.isPositive()
            && life.compareTo(MOST_LIFE) <= 0;
    if (!isSense) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "an approval says how many snapshots may expire, or how many unscheduled ones a day are"
              + " ordinary, and for how long, up to "
              + MOST_LIFE.toDays()
              + " days");
    }
  }

  /** By the time that the next record has at least. */
  private Instant now() {
    try (CatalogView view = fleet.views().get()) {
      Instant head = Instant.ofEpochMilli(view.head().map(CatalogHead::timeMillis).orElse(0L));
      Instant clock = fleet.time().now();
      return head.isAfter(clock) ? head : clock;
    }
  }

  private Mutation mutation(
      HostId host, ByteString id, Approval amounts, Instant until, String actor) {
    RetentionApproved approved =
        RetentionApproved.newBuilder()
            .setApproval(id)
            .setHost(PruneRecords.bytes(host))
            .setExpiring(amounts.expiring())
            .setUnscheduledPerDay(amounts.unscheduledPerDay())
            .setValidUntilMillis(until.toEpochMilli())
            .build();
    return fleet
        .mutations()
        .seal(
            Change.newBuilder().setRetentionApproved(approved).build(),
            Details.newBuilder()
                .setRetentionApproval(RetentionApprovalDetails.newBuilder().setActor(actor))
                .build());
  }

  /** A deletion that a person wants is approved by that person, in the same record. */
  record OfDeletion(ByteString id, Mutation mutation) {}

  OfDeletion ofDeletion(HostId host, long snapshots, String actor) {
    ByteString id = ByteString.copyFrom(fleet.randomness().bytes(16));
    Approval amounts = new Approval(snapshots, 0);
    return new OfDeletion(id, mutation(host, id, amounts, now().plus(Duration.ofHours(1)), actor));
  }

  /** What is approved for {@code host} at {@code now}. */
  static InForce inForce(HostId host, CatalogView view, Instant now) {
    List<RetentionQueries.Approval> good =
        view.retention().approvals(host).stream()
            .filter(each -> each.approved().getValidUntilMillis() >= now.toEpochMilli())
            .toList();
    ByteString id = ByteString.EMPTY;
    long expiring = 0;
    long perDay = 0;
    for (RetentionQueries.Approval each : good) {
      perDay = Math.max(perDay, each.approved().getUnscheduledPerDay());
      if (!each.isUsed() && each.approved().getExpiring() > expiring) {
        expiring = each.approved().getExpiring();
        id = each.approved().getApproval();
      }
    }
    return new InForce(id, new Approval(expiring, perDay));
  }
}
