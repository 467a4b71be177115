package io.holdfast.coordinator.notify;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Incident;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.proto.stored.v1.AlarmEvent;
import io.holdfast.proto.stored.v1.AlarmMemory;
import io.holdfast.proto.stored.v1.ChannelMemory;
import io.holdfast.proto.stored.v1.PingMemory;
import io.holdfast.proto.stored.v1.RememberedAlarm;
import io.holdfast.proto.stored.v1.RememberedChange;
import io.holdfast.proto.stored.v1.RememberedIncident;
import io.holdfast.proto.stored.v1.RememberedNotice;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Between what is remembered and its stored form. Alarms of kinds unknown here are left out. */
final class MemoryCodec {
  private MemoryCodec() {}

  static AlarmMemory encode(Remembered remembered) {
    AlarmMemory.Builder out = AlarmMemory.newBuilder();
    remembered.up().forEach(alarm -> out.addUp(alarm(alarm)));
    remembered
        .incidents()
        .forEach(incident ->
            out.addIncidents(
                RememberedIncident.newBuilder()
                    .setAlarm(alarm(incident.alarm()))
                    .setLastMillis(incident.last().toEpochMilli())));
    remembered
        .waiting()
        .forEach((channel, notices) ->
            out.addChannels(
                ChannelMemory.newBuilder()
                    .setChannel(channel)
                    .addAllWaiting(notices.stream().map(MemoryCodec::notice).toList())));
    remembered.pinged().forEach((policy, pinged) -> out.addPings(ping(policy, pinged)));
    return out.build();
  }

  static Remembered decode(AlarmMemory memory) {
    return new Remembered(
        memory.getUpList().stream().map(MemoryCodec::alarm).flatMap(Optional::stream).toList(),
        memory.getIncidentsList().stream()
            .map(MemoryCodec::incident)
            .flatMap(Optional::stream)
            .toList(),
        memory.getChannelsList().stream()
            .collect(
                Collectors.toMap(
                    ChannelMemory::getChannel, channel -> notices(channel), (a, b) -> a)),
        memory.getPingsList().stream()
            .collect(Collectors.toMap(PingMemory::getPolicy, MemoryCodec::pinged, (a, b) -> a)));
  }

  private static PingMemory ping(String policy, Pinged pinged) {
    return PingMemory.newBuilder()
        .setPolicy(policy)
        .setToldMillis(pinged.ended().map(Instant::toEpochMilli).orElse(0L))
        .setFailing(!pinged.well())
        .build();
  }

  private static Pinged pinged(PingMemory ping) {
    Optional<Instant> ended =
        ping.getToldMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(ping.getToldMillis()));
    return new Pinged(ended, !ping.getFailing());
  }

  private static RememberedAlarm alarm(Alarm alarm) {
    return RememberedAlarm.newBuilder()
        .setKind(alarm.kind().word())
        .setSubject(alarm.subject())
        .setSeverity(alarm.severity() == Severity.ALARM ? 2 : 1)
        .setShape(alarm.shape())
        .setSinceMillis(alarm.since().toEpochMilli())
        .setSummary(alarm.summary())
        .setNextStep(alarm.nextStep())
        .setHost(alarm.affected().host())
        .setHostName(alarm.affected().hostName())
        .setPolicy(alarm.affected().policy())
        .build();
  }

  private static Optional<Alarm> alarm(RememberedAlarm alarm) {
    return AlarmKind.of(alarm.getKind())
        .map(kind ->
            new Alarm(
                kind,
                alarm.getSubject(),
                alarm.getSeverity() == 2 ? Severity.ALARM : Severity.WARNING,
                alarm.getShape(),
                Instant.ofEpochMilli(alarm.getSinceMillis()),
                alarm.getSummary(),
                alarm.getNextStep(),
                new Affected(alarm.getHost(), alarm.getHostName(), alarm.getPolicy())));
  }

  private static Optional<Incident> incident(RememberedIncident incident) {
    return alarm(incident.getAlarm())
        .map(alarm -> new Incident(alarm, Instant.ofEpochMilli(incident.getLastMillis())));
  }

  private static RememberedNotice notice(Notice notice) {
    RememberedNotice.Builder out =
        RememberedNotice.newBuilder()
            .setId(ByteString.copyFrom(HexFormat.of().parseHex(notice.id())))
            .setTimeMillis(notice.time().toEpochMilli())
            .setDropped(notice.dropped());
    notice
        .changes()
        .forEach(change ->
            out.addChanges(
                RememberedChange.newBuilder()
                    .setEvent(event(change.event()))
                    .setAlarm(alarm(change.alarm()))));
    return out.build();
  }

  private static List<Notice> notices(ChannelMemory channel) {
    return channel.getWaitingList().stream().map(MemoryCodec::notice).toList();
  }

  private static Notice notice(RememberedNotice notice) {
    return new Notice(
        HexFormat.of().formatHex(notice.getId().toByteArray()),
        Instant.ofEpochMilli(notice.getTimeMillis()),
        notice.getChangesList().stream()
            .map(MemoryCodec::change)
            .flatMap(Optional::stream)
            .toList(),
        notice.getDropped());
  }

  private static Optional<AlarmChange> change(RememberedChange change) {
    Optional<AlarmChange.Event> event =
        switch (change.getEvent()) {
          case ALARM_EVENT_RAISED -> Optional.of(AlarmChange.Event.RAISED);
          case ALARM_EVENT_CHANGED -> Optional.of(AlarmChange.Event.CHANGED);
          case ALARM_EVENT_RESOLVED -> Optional.of(AlarmChange.Event.RESOLVED);
          case ALARM_EVENT_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    return event.flatMap(each -> alarm(change.getAlarm()).map(it -> new AlarmChange(each, it)));
  }

  private static AlarmEvent event(AlarmChange.Event event) {
    return switch (event) {
      case RAISED -> AlarmEvent.ALARM_EVENT_RAISED;
      case CHANGED -> AlarmEvent.ALARM_EVENT_CHANGED;
      case RESOLVED -> AlarmEvent.ALARM_EVENT_RESOLVED;
    };
  }
}
