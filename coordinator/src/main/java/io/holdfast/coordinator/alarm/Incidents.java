package io.holdfast.coordinator.alarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What happened and isn't a state: shown as an alarm for a day after the last time. At most {@link
 * #KEPT_MAX} of them: somebody who makes up more pushes out the oldest. Any thread.
 */
public final class Incidents implements AlarmSource {
  static final int KEPT_MAX = 1_000;
  static final Duration SHOWN = Duration.ofDays(1);
  private static final Set<AlarmKind> KINDS = Set.of(AlarmKind.HOST_CLONED, AlarmKind.TOKEN_REUSED);

  private final Map<Alarm.Key, Incident> kept = new LinkedHashMap<>();

  /** Those of {@code remembered}, from before. */
  public synchronized void restore(Collection<Incident> remembered) {
    remembered.forEach(incident -> kept.put(incident.alarm().key(), incident));
  }

  /** It happens at {@code alarm.since()}. */
  public synchronized void note(Alarm alarm) {
    Incident before = kept.remove(alarm.key());
    Alarm shown = before == null ? alarm : alarm.beganAt(before.alarm().since());
    kept.put(alarm.key(), new Incident(shown, alarm.since()));
    Iterator<Incident> oldest = kept.values().iterator();
    while (kept.size() > KEPT_MAX) {
      oldest.next();
      oldest.remove();
    }
  }

  public synchronized List<Incident> all() {
    return List.copyOf(kept.values());
  }

  @Override
  public Set<AlarmKind> kinds() {
    return KINDS;
  }

  @Override
  public synchronized Look look(Instant now) {
    kept.values().removeIf(incident -> incident.last().plus(SHOWN).isBefore(now));
    return Look.certain(kept.values().stream().map(Incident::alarm).toList());
  }
}
