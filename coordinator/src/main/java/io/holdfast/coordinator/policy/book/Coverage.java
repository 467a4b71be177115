package io.holdfast.coordinator.policy.book;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policies;
import io.holdfast.coordinator.policy.Source;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.plan.Series;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which data classes the source sets of one host are in: those that made any of their snapshots by
 * schedule, and those whose files or whose database's log they are, whoever made the snapshots.
 * Immutable.
 */
public final class Coverage {
  /**
   * Whose rules a source set is judged by.
   *
   * @param classes it is in
   * @param rules of each that says how long; what any of them keeps is kept
   * @param isUnlimited nothing expires: no policy is for it, or one of them keeps everything
   * @param holds why every snapshot is held
   * @param bases where it is the log of a database, the source set of that one's base backups
   */
  public record Covered(
      List<Policies.Membership> classes,
      List<RetentionRules> rules,
      boolean isUnlimited,
      List<String> holds,
      Optional<Bytes32> bases) {
    public Covered {
      classes = List.copyOf(classes);
      rules = List.copyOf(rules);
      holds = List.copyOf(holds);
    }

    /** Whether it keeps whatever {@code other} keeps. */
    boolean keepsAllOf(Covered other) {
      boolean byRules = isUnlimited || (!other.isUnlimited && classes.containsAll(other.classes));
      return byRules && holds.containsAll(other.holds);
    }

    /** Of the policies and data classes. */
    public List<String> names() {
      return classes.stream().map(Policies.Membership::toString).toList();
    }
  }

  /** One data class that the host is in. */
  private record Member(Policies.Membership membership, ByteString series) {
    DataClass dataClass() {
      return membership.dataClass();
    }

    boolean isOf(Bytes32 sourceSet, Set<ByteString> scheduledBy) {
      return scheduledBy.contains(series)
          || dataClass().source().sourceSet().filter(sourceSet::equals).isPresent()
          || basesOf(sourceSet).isPresent();
    }

    /** Where {@code sourceSet} is the log of this class's database, that of its base backups. */
    Optional<Bytes32> basesOf(Bytes32 sourceSet) {
      return dataClass().source() instanceof Source.PostgreSql cluster
              && named(SourceNames.postgreSqlLog(cluster.host(), cluster.port())).equals(sourceSet)
          ? Optional.of(named(cluster.identity()))
          : Optional.empty();
    }

    private static Bytes32 named(String name) {
      return SnapshotFormat.sourceSet(List.of(name.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private final List<Member> members;

  private Coverage(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /** Of {@code host}, revoked or not: what it stored was made under these policies. */
  public static Coverage of(NamedHost host, List<StoredPolicy> policies) {
    HostTraits traits = HostTraits.of(host.id(), host.details());
    List<Member> members = new ArrayList<>();
    for (StoredPolicy stored : policies) {
      for (Policies.Membership each : new Policies(List.of(stored.policy())).of(traits)) {
        Series series = new Series(stored.id(), each.dataClass().name(), host.id());
        ByteString id = ByteString.copyFrom(series.id().toByteArray());
        members.add(new Member(each, id));
      }
    }
    return new Coverage(members);
  }

  /** Of the snapshots of {@code sourceSet} that {@code host} has in {@code view}. */
  public Covered of(HostId host, Bytes32 sourceSet, CatalogView view) {
    Set<ByteString> series = new HashSet<>();
    view.snapshots()
        .forEachOfSourceSet(
            host,
            sourceSet,
            kept -> {
              if (kept.stored().committed().hasScheduled()) {
                series.add(kept.stored().committed().getScheduled().getSeries());
              }
            });
    return of(sourceSet, series);
  }

  /** {@code scheduledBy}: the series that made snapshots of {@code sourceSet}. */
  public Covered of(Bytes32 sourceSet, Set<ByteString> scheduledBy) {
    List<Member> fitting =
        members.stream().filter(member -> member.isOf(sourceSet, scheduledBy)).toList();
    Set<RetentionRules> rules = new HashSet<>();
    fitting.forEach(member -> member.dataClass().retention().ifPresent(rules::add));
    boolean isUnlimited =
        fitting.isEmpty()
            || fitting.stream().anyMatch(member -> member.dataClass().retention().isEmpty());
    return new Covered(
        fitting.stream().map(Member::membership).toList(),
        List.copyOf(rules),
        isUnlimited,
        fitting.stream().flatMap(member -> member.dataClass().hold().stream()).toList(),
        fitting.stream().flatMap(member -> member.basesOf(sourceSet).stream()).findFirst());
  }
}
