package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.absence.GoodSnapshot;
import io.holdfast.coordinator.absence.RestoreForecast;
import io.holdfast.coordinator.absence.RestoreForecasts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Promises;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.prune.RetentionPreview;
import io.holdfast.coordinator.retention.Brake;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.KeptBy;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What retention would keep of what each data class of each host has now, and whether its promises
 * can be kept, by the policies in force or by those of a text that isn't applied. Any thread; one
 * host is planned at a time, and no view is held while a reader is slow.
 */
public final class DataClassPreviews {
  private static final int LISTED = 100;
  private static final int LISTED_MAX = 100_000;

  private final PolicyBook policies;
  private final HostDirectory hosts;
  private final RetentionPreview retention;
  private final RestoreForecasts forecasts;
  private final Time time;

  public DataClassPreviews(
      PolicyBook policies,
      HostDirectory hosts,
      RetentionPreview retention,
      RestoreForecasts forecasts,
      Time time) {
    this.policies = policies;
    this.hosts = hosts;
    this.retention = retention;
    this.forecasts = forecasts;
    this.time = time;
  }

  /**
   * Hands each data class of each host to {@code out}, host by host, and last the policies that fit
   * none of the hosts. INVALID_CONFIGURATION of a text; POLICY_NOT_FOUND; errors of {@link
   * HostDirectory#find} and of the catalog.
   */
  public void list(PreviewDataClassesRequest request, Consumer<DataClassPreview> out) {
    List<StoredPolicy> all = policies.inForceWith(request.getFile(), request.getText());
    List<StoredPolicy> asked = asked(all, request.getPolicy());
    List<NamedHost> among =
        request.getHost().isEmpty() ? hosts.all() : List.of(hosts.find(request.getHost()));
    int limit = request.getLimit() == 0 ? LISTED : Math.min(request.getLimit(), LISTED_MAX);
    Listing listing = new Listing(all, asked, limit, out);
    for (NamedHost host : among) {
      if (!listing.isFull()) {
        listing.add(host);
      }
    }
    boolean areAllMeant = request.getHost().isEmpty() || !request.getPolicy().isEmpty();
    asked.stream()
        .filter(stored -> areAllMeant || stored.version() == PolicyBook.NOT_APPLIED)
        .forEach(stored -> listing.addIfUnfit(stored.policy().name()));
  }

  /** POLICY_NOT_FOUND. */
  private List<StoredPolicy> asked(List<StoredPolicy> all, String name) {
    if (name.isEmpty()) {
      return all;
    }
    return all.stream()
        .filter(stored -> stored.policy().name().equals(name))
        .findFirst()
        .map(List::of)
        .orElseGet(() -> List.of(policies.get(name)));
  }

  /** One answer. */
  private final class Listing {
    private final Instant now = time.now();
    private final List<StoredPolicy> all;
    private final List<StoredPolicy> asked;
    private final Consumer<DataClassPreview> out;
    private final Set<String> fit = new HashSet<>();
    private final Map<String, Optional<String>> schedules = new HashMap<>();
    private int left;

    Listing(
        List<StoredPolicy> all,
        List<StoredPolicy> asked,
        int limit,
        Consumer<DataClassPreview> out) {
      this.all = all;
      this.asked = asked;
      this.out = out;
      this.left = limit;
    }

    boolean isFull() {
      return left == 0;
    }

    /** What a revoked host stored is judged like any other's, but nothing is expected of it. */
    void add(NamedHost host) {
      HostTraits traits = HostTraits.of(host.id(), host.details());
      List<StoredPolicy> fitting =
          asked.stream().filter(stored -> stored.policy().selector().fits(traits)).toList();
      if (fitting.isEmpty()) {
        return;
      }
      Set<Policy> shown = fitting.stream().map(StoredPolicy::policy).collect(Collectors.toSet());
      Map<String, RestoreForecast> restores =
          host.isRevoked() ? Map.of() : forecasts.of(host, fitting, now);
      for (RetentionPreview.Tally tally : retention.of(host, all)) {
        boolean isGone = host.isRevoked() && tally.live() + tally.comingBack() == 0;
        if (shown.contains(tally.membership().policy()) && !isGone) {
          fit.add(tally.membership().policy().name());
          String name = tally.membership().toString();
          send(view(host, tally, Optional.ofNullable(restores.get(name))));
        }
      }
    }

    void addIfUnfit(String policy) {
      if (!fit.contains(policy)) {
        send(DataClassPreview.newBuilder().setPolicy(policy).build());
      }
    }

    private void send(DataClassPreview preview) {
      if (!isFull()) {
        left--;
        out.accept(preview);
      }
    }

    private DataClassPreview view(
        NamedHost host, RetentionPreview.Tally tally, Optional<RestoreForecast> restore) {
      DataClassPreview.Builder view =
          DataClassPreview.newBuilder()
              .setPolicy(tally.membership().policy().name())
              .setDataClass(tally.membership().dataClass().name())
              .setHost(ByteString.copyFrom(host.id().toByteArray()))
              .setHostName(host.name())
              .setSnapshots(tally.live())
              .setKept(tally.kept())
              .setBraked(tally.braked())
              .setGoing(tally.going())
              .setComingBack(tally.comingBack())
              .addAllJudgedWith(tally.judgedWith())
              .addAllBrakes(tally.brakes().stream().map(Brake::words).toList());
      tally.keptBy().entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
          .forEach(each ->
              view.addKeptBy(
                  KeptBy.newBuilder().setRule(each.getKey()).setSnapshots(each.getValue())));
      tally
          .letGo()
          .ifPresent(span ->
              view.setOldestGoingMillis(span.oldest().toEpochMilli())
                  .setNewestGoingMillis(span.newest().toEpochMilli()));
      String name = tally.membership().toString();
      schedules
          .computeIfAbsent(name, _ -> Promises.broken(tally.membership().dataClass(), now))
          .ifPresent(line -> view.addBrokenPromises("policy " + name + ": " + line));
      restore.ifPresent(forecast -> {
        view.setRestore(message(forecast));
        forecast
            .words()
            .ifPresent(words ->
                view.addBrokenPromises("host " + host.name() + ", policy " + name + ": " + words));
      });
      return view.build();
    }
  }

  private static io.holdfast.proto.wire.v1.RestoreForecast message(RestoreForecast forecast) {
    io.holdfast.proto.wire.v1.RestoreForecast.Builder view =
        io.holdfast.proto.wire.v1.RestoreForecast.newBuilder()
            .setRtoMillis(forecast.rto().toMillis())
            .setTakesMillis(forecast.takes().map(Duration::toMillis).orElse(0L));
    forecast.good().ifPresent(good -> add(good, view));
    forecast
        .speed()
        .ifPresent(speed ->
            view.setMeasuredRate(speed.bytesPerSecond())
                .setMeasuredRestores(speed.restores())
                .setMeasuredHere(speed.here()));
    return view.build();
  }

  private static void add(
      GoodSnapshot good, io.holdfast.proto.wire.v1.RestoreForecast.Builder view) {
    view.setSnapshot(ByteString.copyFrom(good.id().toByteArray()))
        .setBytes(good.amount().readBytes());
  }
}
