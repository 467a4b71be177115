package io.holdfast.coordinator.notify;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.notify.Notifier.Tested;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings a watchdog for each policy that has one: when runs begin, when they have ended, and when
 * something becomes wrong without a run. Of a policy only the newest ping waits: a watchdog wants
 * to know how things are, not how they were. Any thread; {@link #deliver} by one.
 *
 * <pre>
 * nothing ran    a run is open                        ping /start
 * runs are open  none is, and one ended that is new   ping, or /fail if not all is well
 * nothing ran    one ended that is new                the same: it was quicker than the look
 * nothing runs   all is well again                    ping
 * whatever       all was well and isn't any more      ping /fail
 * </pre>
 */
public final class Pings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pings.class);
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final String CHANNEL = "ping";

  /** What a ping says; the word ends the path. */
  private enum Word {
    START("/start"),
    SUCCESS(""),
    FAIL("/fail");

    private final String suffix;

    Word(String suffix) {
      this.suffix = suffix;
    }
  }

  /** A ping to be sent; {@code told} is to be remembered then. */
  private record Waiting(Word word, Optional<Pinged> told, Optional<Long> notBeforeNanos) {}

  /** What is known of one policy. */
  private static final class Watched {
    private final URI url;
    private Pinged told;
    private boolean open;
    private Optional<Waiting> waiting = Optional.empty();

    Watched(URI url, Pinged told) {
      this.url = url;
      this.told = told;
    }
  }

  private final Map<String, Watched> policies = new LinkedHashMap<>();
  private final Time time;
  private final NotifyMeter meter;
  private final BiConsumer<String, Pinged> remember;
  private final Http http = new Http();

  Pings(
      Map<String, URI> urls,
      Map<String, Pinged> told,
      Time time,
      NotifyMeter meter,
      BiConsumer<String, Pinged> remember) {
    urls.forEach((policy, url) ->
        policies.put(policy, new Watched(url, told.getOrDefault(policy, Pinged.NOTHING))));
    this.time = time;
    this.meter = meter;
    this.remember = remember;
  }

  public boolean isEmpty() {
    return policies.isEmpty();
  }

  /** Takes over how things are. */
  public synchronized void look(Collection<PolicyRuns> all) {
    for (PolicyRuns runs : all) {
      Watched watched = policies.get(runs.policy());
      if (watched != null) {
        look(runs, watched);
      }
    }
  }

  private static void look(PolicyRuns runs, Watched watched) {
    if (runs.open() && !watched.open) {
      put(watched, Word.START, Optional.empty());
    } else if (isNews(runs, watched.told)) {
      watched.told = new Pinged(runs.open() ? watched.told.ended() : runs.ended(), runs.well());
      put(watched, runs.well() ? Word.SUCCESS : Word.FAIL, Optional.of(watched.told));
    }
    watched.open = runs.open();
  }

  private static boolean isNews(PolicyRuns runs, Pinged told) {
    if (runs.open()) {
      return told.well() && !runs.well();
    }
    boolean ended =
        runs.ended()
            .filter(end -> told.ended().isEmpty() || end.isAfter(told.ended().get()))
            .isPresent();
    return ended || runs.well() != told.well();
  }

  /**
   * What a ping would have told that waits is remembered all the same once a later one is taken.
   */
  private static void put(Watched watched, Word word, Optional<Pinged> told) {
    Optional<Pinged> newest = told.or(() -> watched.waiting.flatMap(Waiting::told));
    watched.waiting = Optional.of(new Waiting(word, newest, Optional.empty()));
  }

  /** Sends what is due. */
  public void deliver() throws InterruptedException {
    for (String policy : List.copyOf(policies.keySet())) {
      Optional<Waiting> due = due(policy);
      if (due.isPresent()) {
        deliver(policy, due.get());
      }
    }
  }

  private synchronized Optional<Waiting> due(String policy) {
    return policies
        .get(policy)
        .waiting
        .filter(each -> each.notBeforeNanos().filter(nanos -> nanos - time.nanos() > 0).isEmpty());
  }

  private void deliver(String policy, Waiting waiting) throws InterruptedException {
    try {
      send(policies.get(policy).url, waiting.word());
    } catch (HoldfastException e) {
      meter.failed(CHANNEL);
      LOG.warn("the ping of policy {} is tried again: {}", policy, e.getMessage());
      replace(policy, waiting, Optional.of(again(waiting)));
      return;
    }
    meter.delivered(CHANNEL);
    replace(policy, waiting, Optional.empty());
    waiting.told().ifPresent(told -> remember.accept(policy, told));
  }

  private Waiting again(Waiting waiting) {
    return new Waiting(waiting.word(), waiting.told(), Optional.of(time.nanos() + AGAIN.toNanos()));
  }

  /** Unless a newer one waits by now. */
  private synchronized void replace(String policy, Waiting sent, Optional<Waiting> by) {
    Watched watched = policies.get(policy);
    if (watched.waiting.equals(Optional.of(sent))) {
      watched.waiting = by;
    }
  }

  private void send(URI url, Word word) throws InterruptedException {
    http.send(
        withSuffix(url, word.suffix),
        Http.shown(url),
        request -> request.header("User-Agent", "holdfast").GET());
  }

  private static URI withSuffix(URI url, String suffix) {
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String text = url.toString();
    String path = text.substring(0, text.length() - query.length());
    return URI.create(path.replaceAll("/+$", "") + suffix + query);
  }

  /** A ping that says how things are: any other would set off the watchdog's alarm. */
  List<Tested> test() throws InterruptedException {
    List<Tested> tested = new ArrayList<>();
    for (Map.Entry<String, Watched> each : policies.entrySet()) {
      URI url = each.getValue().url;
      Optional<HoldfastException> error = Optional.empty();
      try {
        send(url, isWell(each.getKey()) ? Word.SUCCESS : Word.FAIL);
      } catch (HoldfastException e) {
        error = Optional.of(e);
      }
      String target = "policy " + each.getKey() + " at " + Http.shown(url);
      tested.add(new Tested(CHANNEL, target, error));
    }
    return tested;
  }

  private synchronized boolean isWell(String policy) {
    return policies.get(policy).told.well();
  }

  @Override
  public void close() {
    http.close();
  }
}
