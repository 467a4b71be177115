package io.holdfast.coordinator.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.PowerLoss;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmChange.Event;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Board;
import io.holdfast.coordinator.alarm.Look;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifierTest {
  private static final Set<AlarmKind> OVERDUE = Set.of(AlarmKind.HOST_OVERDUE);
  private static final List<PowerLoss> LOSSES =
      List.of(PowerLoss.ALL, PowerLoss.SOME, PowerLoss.NONE);

  private final ManualTime time = new ManualTime(Notices.MONDAY);
  private final SeededRandomness randomness = new SeededRandomness(8);
  private final LossyDisk disk = LossyDisk.seeded(3);
  private FileSystem files = disk.mount();
  private final HandChannel channel = new HandChannel("webhook");
  private final CountingNotifyMeter meter = new CountingNotifyMeter();
  private Notifier notifier = open();

  /** The other side, played by hand. */
  private static final class HandChannel implements Channel {
    private final String name;
    private final List<Notice> taken = new ArrayList<>();
    private boolean down;

    HandChannel(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String target() {
      return "the other side";
    }

    @Override
    public void send(Notice notice) {
      if (down) {
        throw new HoldfastException(ErrorCode.NOTIFICATION_FAILED, "nobody is there");
      }
      taken.add(notice);
    }

    @Override
    public void close() {}
  }

  private static final class CountingNotifyMeter implements NotifyMeter {
    private final Map<String, Integer> counts = new HashMap<>();

    @Override
    public void delivered(String name) {
      counts.merge("delivered", 1, Integer::sum);
    }

    @Override
    public void failed(String name) {
      counts.merge("failed", 1, Integer::sum);
    }

    @Override
    public void dropped(String name) {
      counts.merge("dropped", 1, Integer::sum);
    }
  }

  private Notifier open() {
    MemoryFile file = new MemoryFile(files, Path.of("/alarms"));
    NotifyPorts ports = new NotifyPorts(Notices.SENDER, time, randomness, meter);
    return new Notifier(List.of(channel), Map.of(), file.read(), file, ports);
  }

  private void restart() {
    restart(PowerLoss.ALL);
  }

  private void restart(PowerLoss loss) {
    disk.cutPower(loss);
    files = disk.mount();
    notifier = open();
  }

  private void tell(AlarmChange... changes) {
    notifier.tell(List.of(changes), List.of(Notices.overdue("web")), List.of());
  }

  private void deliver() {
    try {
      notifier.deliver("webhook");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldDeliverInOrderAndOnce() {
    tell(Notices.change(Event.RAISED, "a"));
    tell(Notices.change(Event.RAISED, "b"), Notices.change(Event.RESOLVED, "a"));
    tell();
    deliver();
    deliver();
    assertEquals(
        List.of(1, 2), channel.taken.stream().map(notice -> notice.changes().size()).toList());
    restart();
    deliver();
    assertEquals(2, channel.taken.size());
    assertEquals(List.of(Notices.overdue("web")), notifier.remembered().up());
  }

  @Test
  void shouldTryAgainAtGrowingIntervalsAndGoOn() {
    channel.down = true;
    tell(Notices.change(Event.RAISED, "a"));
    List<Duration> waits = new ArrayList<>();
    Duration since = Duration.ZERO;
    int attempts = 0;
    while (waits.size() < 9) {
      deliver();
      if (meter.counts.getOrDefault("failed", 0) > attempts) {
        attempts++;
        waits.add(since);
        since = Duration.ZERO;
      }
      time.advance(Duration.ofSeconds(1));
      since = since.plusSeconds(1);
    }
    assertEquals(
        Stream.of(0, 5, 10, 20, 40, 80, 160, 320, 600).map(Duration::ofSeconds).toList(), waits);
    channel.down = false;
    time.advance(Delivery.LONGEST_WAIT);
    deliver();
    assertEquals(1, channel.taken.size());
    tell(Notices.change(Event.RAISED, "b"));
    deliver();
    assertEquals(2, channel.taken.size(), "it waits for nothing any more");
  }

  @Test
  void shouldSendTheSameAfterAStopThatCameBeforeTheNoteOfItsDelivery() {
    tell(Notices.change(Event.RAISED, "a"));
    disk.goDarkAfter(0);
    deliver(); // taken, and not noted
    restart();
    deliver();
    assertEquals(2, channel.taken.size());
    assertEquals(channel.taken.get(0), channel.taken.get(1));
  }

  @Test
  void shouldTellTheSameDayThatAChannelIsDown() {
    channel.down = true;
    tell(Notices.change(Event.RAISED, "a"));
    deliver();
    assertEquals(List.of(), notifier.look(time.now()).alarms());
    time.advance(Notifier.FAILING_PUT_UP_WITH.plusSeconds(1));
    Alarm alarm = notifier.look(time.now()).alarms().getFirst();
    assertTrue(alarm.line().contains("no notification reaches the other side: nobody is there"));
    channel.down = false;
    deliver();
    assertEquals(List.of(), notifier.look(time.now()).alarms());
  }

  @Test
  void shouldGiveUpTheOldestOfTooManyAndSaySo() {
    channel.down = true;
    for (int n = 0; n < Delivery.WAITING_MAX + 3; n++) {
      tell(Notices.change(Event.RAISED, "host" + n));
    }
    channel.down = false;
    deliver();
    assertEquals(Delivery.WAITING_MAX, channel.taken.size());
    assertEquals(3, channel.taken.getFirst().dropped());
    assertEquals("host3/nightly", channel.taken.getFirst().changes().getFirst().alarm().subject());
    assertEquals(3, meter.counts.get("dropped"));
  }

  @Test
  void shouldSplitWhatIsTooMuchForOneNotice() {
    AlarmChange[] changes =
        Stream.iterate(0, n -> n + 1)
            .limit(2L * Notice.CHANGES_MAX + 1)
            .map(n -> Notices.change(Event.RAISED, "host" + n))
            .toArray(AlarmChange[]::new);
    tell(changes);
    deliver();
    assertEquals(
        List.of(Notice.CHANGES_MAX, Notice.CHANGES_MAX, 1),
        channel.taken.stream().map(notice -> notice.changes().size()).toList());
  }

  @Test
  void shouldTellAllAnewWhenItsMemoryIsDamaged() throws Exception {
    tell(Notices.change(Event.RAISED, "a"));
    files.delete(Path.of("/alarms"));
    files.createFile(Path.of("/alarms")).close();
    NotifyPorts ports = new NotifyPorts(Notices.SENDER, time, randomness, meter);
    Notifications nowhere =
        new Notifications(
            new Notifications.Webhook(java.util.Optional.empty(), java.util.Optional.empty()),
            new Notifications.Mail(
                java.util.Optional.empty(),
                Notifications.MailSecurity.NONE,
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                List.of()),
            new Notifications.Ping(Map.of()));
    Notifier fresh = Notifier.open(nowhere, new MemoryFile(files, Path.of("/alarms")), ports);
    assertEquals(Remembered.NOTHING, fresh.remembered());
    assertTrue(files.exists(Path.of("/alarms.damaged")));
    assertEquals(List.of(), fresh.test());
    fresh.close();
  }

  @Test
  void shouldTestWithoutTouchingWhatWaits() throws InterruptedException {
    channel.down = true;
    tell(Notices.change(Event.RAISED, "a"));
    Notifier.Tested failed = notifier.test().getFirst();
    assertEquals(ErrorCode.NOTIFICATION_FAILED, failed.error().orElseThrow().code());
    channel.down = false;
    assertTrue(notifier.test().getFirst().error().isEmpty());
    assertTrue(channel.taken.getFirst().isTest());
    assertEquals(1, notifier.waiting("webhook"));
  }

  /**
   * Alarms come and go, the other side is up and down, and the coordinator stops at any file
   * operation: whoever follows the notices in the order in which they came first, and leaves out
   * those that came before, has the board in the end.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whoeverFollowsTheNoticesHasTheBoardThroughStops(long seed) {
    Random random = new Random(seed);
    Board board = new Board(List.of());
    for (int round = 0; round < 120; round++) {
      List<Alarm> found =
          Stream.of("a", "b", "c")
              .filter(name -> random.nextBoolean())
              .map(Notices::overdue)
              .toList();
      boolean stops = random.nextInt(4) == 0;
      if (stops) {
        disk.goDarkAfter(random.nextInt(14));
      }
      channel.down = random.nextInt(3) == 0;
      List<AlarmChange> changes = board.take(OVERDUE, Look.certain(found));
      notifier.tell(changes, board.up(), List.of());
      deliver();
      time.advance(Duration.ofSeconds(random.nextInt(30)));
      if (stops) {
        restart(LOSSES.get(random.nextInt(LOSSES.size())));
        board = new Board(notifier.remembered().up());
      }
    }
    channel.down = false;
    time.advance(Delivery.LONGEST_WAIT);
    List<Alarm> last = Stream.of("b").map(Notices::overdue).toList();
    notifier.tell(board.take(OVERDUE, Look.certain(last)), board.up(), List.of());
    deliver();
    assertEquals(Set.copyOf(last), followed(), "seed " + seed);
  }

  private Set<Alarm> followed() {
    Set<String> seen = new HashSet<>();
    Map<Alarm.Key, Alarm> up = new HashMap<>();
    for (Notice notice : channel.taken) {
      if (!seen.add(notice.id())) {
        continue;
      }
      for (AlarmChange change : notice.changes()) {
        if (change.event() == Event.RESOLVED) {
          up.remove(change.alarm().key());
        } else {
          up.put(change.alarm().key(), change.alarm());
        }
      }
    }
    return Set.copyOf(up.values());
  }
}
