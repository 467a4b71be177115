package io.holdfast.coordinator.notify;

import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A notifier whose only channel leads to somebody in the same process. */
public final class ListeningNotifier {
  public static final String CHANNEL = "listener";

  private ListeningNotifier() {}

  /** With what {@code file} remembers; {@code taker} gets every notice, some of them twice. */
  public static Notifier open(
      MemoryFile file, Time time, Randomness randomness, Consumer<Notice> taker) {
    NotifyPorts ports = new NotifyPorts(new Sender("fleet", "coordinator"), time, randomness, NONE);
    return new Notifier(List.of(new Listener(taker)), Map.of(), file.read(), file, ports);
  }

  private record Listener(Consumer<Notice> taker) implements Channel {
    @Override
    public String name() {
      return CHANNEL;
    }

    @Override
    public String target() {
      return "somebody who listens";
    }

    @Override
    public void send(Notice notice) {
      taker.accept(notice);
    }

    @Override
    public void close() {}
  }

  private static final NotifyMeter NONE =
      new NotifyMeter() {
        @Override
        public void delivered(String channel) {}

        @Override
        public void failed(String channel) {}

        @Override
        public void dropped(String channel) {}
      };
}
