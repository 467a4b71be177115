package io.holdfast.coordinator.notify;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Incident;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is to be told until it was told. Any thread; {@link #deliver} of one channel by one.
 *
 * <ol>
 *   <li>I1: before a notice is sent, it and the alarms it tells of are in the file: otherwise a
 *       stop would bring back a state that the other side no longer believes in. While the file
 *       can't be written, nothing is sent, and writing is tried again.
 *   <li>I2: a notice leaves the file only when its channel has taken it, or too many wait.
 * </ol>
 */
public final class Notifier implements AlarmSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
  private static final int ID_BYTES = 16;

  /** How long a channel may fail before that is an alarm itself. */
  static final Duration FAILING_PUT_UP_WITH = Duration.ofMinutes(15);

  /** What a test of a channel came to. */
  public record Tested(String channel, String target, Optional<HoldfastException> error) {}

  private final MemoryFile file;
  private final Time time;
  private final Randomness randomness;
  private final NotifyMeter meter;
  private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
  private final Pings pings;
  private Remembered remembered;
  private boolean unsaved;

  /** With {@code channels} and the pings, as {@code remembered} was when they were stopped. */
  Notifier(
      List<Channel> channels,
      Map<String, URI> pings,
      Remembered remembered,
      MemoryFile file,
      NotifyPorts ports) {
    this.file = file;
    this.time = ports.time();
    this.randomness = ports.randomness();
    this.meter = ports.meter();
    this.remembered = remembered;
    this.pings = new Pings(pings, remembered.pinged(), time, meter, this::pinged);
    for (Channel channel : channels) {
      List<Notice> waiting = remembered.waiting().getOrDefault(channel.name(), List.of());
      deliveries.put(channel.name(), new Delivery(channel, waiting));
    }
  }

  /** What is configured. A memory that can't be used is put aside, with a warning. */
  public static Notifier open(Notifications settings, MemoryFile file, NotifyPorts ports) {
    List<Channel> channels = new ArrayList<>();
    Notifications.Webhook webhook = settings.webhook();
    webhook
        .url()
        .map(url ->
            new Webhook(
                URI.create(url), webhook.secret().orElseThrow(), ports.sender(), ports.time()))
        .ifPresent(channels::add);
    Optional<HostPort> server = settings.mail().server();
    server.map(at -> new Mailbox(at, settings.mail(), ports.sender())).ifPresent(channels::add);
    Map<String, URI> pings = new LinkedHashMap<>();
    settings.ping().policies().forEach((policy, url) -> pings.put(policy, URI.create(url)));
    return new Notifier(channels, pings, read(file), file, ports);
  }

  private static Remembered read(MemoryFile file) {
    try {
      return file.read();
    } catch (HoldfastException e) {
      LOG.warn("{}; every alarm that is up is told again", e.getMessage());
      if (e.code() != ErrorCode.IO) {
        file.putAside();
      }
      return Remembered.NOTHING;
    }
  }

  /** What was up and had happened when the last coordinator here was stopped. */
  public synchronized Remembered remembered() {
    return remembered;
  }

  /** The names of the channels. */
  public List<String> channels() {
    return List.copyOf(deliveries.keySet());
  }

  public Pings pings() {
    return pings;
  }

  /** How many notices wait for {@code channel}. */
  public synchronized int waiting(String channel) {
    return deliveries.get(channel).waiting().size();
  }

  /** Takes over what became of alarms, all that are up now, and what has happened lately. */
  public synchronized void tell(
      List<AlarmChange> changes, Collection<Alarm> up, Collection<Incident> incidents) {
    boolean news =
        unsaved || !changes.isEmpty() || !remembered.incidents().equals(List.copyOf(incidents));
    remembered =
        new Remembered(
            List.copyOf(up), List.copyOf(incidents), remembered.waiting(), remembered.pinged());
    for (int from = 0; from < changes.size(); from += Notice.CHANGES_MAX) {
      int to = Math.min(from + Notice.CHANGES_MAX, changes.size());
      add(new Notice(id(), time.now(), changes.subList(from, to), 0));
    }
    if (news) {
      save();
    }
  }

  private String id() {
    return HexFormat.of().formatHex(randomness.bytes(ID_BYTES));
  }

  private void add(Notice notice) {
    for (Delivery delivery : deliveries.values()) {
      int givenUp = delivery.add(notice);
      for (int i = 0; i < givenUp; i++) {
        meter.dropped(delivery.channel().name());
      }
    }
  }

  private void save() {
    Map<String, List<Notice>> waiting = new LinkedHashMap<>();
    deliveries.forEach((name, delivery) -> waiting.put(name, delivery.waiting()));
    remembered =
        new Remembered(remembered.up(), remembered.incidents(), waiting, remembered.pinged());
    try {
      file.write(remembered);
      unsaved = false;
    } catch (HoldfastException e) {
      if (!unsaved) {
        LOG.warn("{}; nobody is told of alarms until it can", e.getMessage());
      }
      unsaved = true;
    }
  }

  private synchronized void pinged(String policy, Pinged told) {
    Map<String, Pinged> all = new LinkedHashMap<>(remembered.pinged());
    all.put(policy, told);
    remembered = new Remembered(remembered.up(), remembered.incidents(), remembered.waiting(), all);
    save();
  }

  /** Sends what is due over {@code channel}, one notice after another, until one fails. */
  public void deliver(String channel) throws InterruptedException {
    Delivery delivery = deliveries.get(channel);
    Optional<Notice> due = due(delivery);
    while (due.isPresent()) {
      due = send(delivery, due.get()) ? due(delivery) : Optional.empty();
    }
  }

  private synchronized Optional<Notice> due(Delivery delivery) {
    if (unsaved) {
      save();
    }
    return unsaved ? Optional.empty() : delivery.due(time.nanos());
  }

  private boolean send(Delivery delivery, Notice notice) throws InterruptedException {
    String channel = delivery.channel().name();
    try {
      delivery.channel().send(notice);
    } catch (HoldfastException e) {
      failed(delivery, e);
      return false;
    }
    synchronized (this) {
      delivery.delivered(notice);
      save();
    }
    meter.delivered(channel);
    return true;
  }

  private synchronized void failed(Delivery delivery, HoldfastException why) {
    if (delivery.failingSince().isEmpty()) {
      LOG.warn("a notification is tried again: {}", why.getMessage());
    }
    delivery.failed(why, time.nanos(), time.now());
    meter.failed(delivery.channel().name());
  }

  /** Sends a test over each channel, once. */
  public List<Tested> test() throws InterruptedException {
    List<Tested> tested = new ArrayList<>();
    for (Delivery delivery : deliveries.values()) {
      Channel channel = delivery.channel();
      Optional<HoldfastException> error = Optional.empty();
      try {
        channel.send(Notice.test(id(), time.now()));
      } catch (HoldfastException e) {
        error = Optional.of(e);
      }
      tested.add(new Tested(channel.name(), channel.target(), error));
    }
    tested.addAll(pings.test());
    return tested;
  }

  // Its own alarm, told over the channels that work.

  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.NOTIFICATION_FAILING);
  }

  @Override
  public synchronized Look look(Instant now) {
    List<Alarm> alarms = new ArrayList<>();
    for (Delivery delivery : deliveries.values()) {
      delivery
          .failingSince()
          .filter(since -> since.plus(FAILING_PUT_UP_WITH).isBefore(now))
          .map(since -> alarm(delivery, since))
          .ifPresent(alarms::add);
    }
    return Look.certain(alarms);
  }

  private static Alarm alarm(Delivery delivery, Instant since) {
    Channel channel = delivery.channel();
    return new Alarm(
        AlarmKind.NOTIFICATION_FAILING,
        channel.name(),
        Severity.WARNING,
        "",
        since,
        "no notification reaches " + channel.target() + ": " + delivery.failure(),
        "mend it and try it out: holdfast notify test",
        Affected.NONE);
  }

  @Override
  public void close() {
    deliveries.values().forEach(delivery -> delivery.channel().close());
    pings.close();
  }
}
