package io.holdfast.coordinator.alarm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The alarms that are up. Belongs to its owner.
 *
 * <pre>
 * from     to         because
 * -        up         a source names it: RAISED
 * up       up         it names it with another severity or shape: CHANGED
 * up       up         it names it as before, or can't tell
 * up       -          its source looked, could tell, and doesn't name it any more: RESOLVED
 * </pre>
 *
 * <ol>
 *   <li>I1: what {@link #take} answers leads from the alarms before it to those after it: a reader
 *       who follows all changes has the board.
 *   <li>I2: while an alarm stays in its state, its beginning doesn't move forward.
 * </ol>
 */
public final class Board {
  /** The worst first, then the longest. */
  public static final Comparator<Alarm> WORST_FIRST =
      Comparator.comparing(Alarm::severity)
          .reversed()
          .thenComparing(Alarm::kind)
          .thenComparing(Alarm::since)
          .thenComparing(Alarm::subject);

  private final Map<Alarm.Key, Alarm> up = new LinkedHashMap<>();

  /** A board that shows {@code remembered} from before. */
  public Board(Collection<Alarm> remembered) {
    remembered.forEach(alarm -> up.put(alarm.key(), alarm));
  }

  /** In no order. */
  public List<Alarm> up() {
    return List.copyOf(up.values());
  }

  /**
   * Takes over what was found.
   *
   * @param kinds of the source that looked
   */
  public List<AlarmChange> take(Set<AlarmKind> kinds, Look look) {
    List<AlarmChange> changes = new ArrayList<>();
    Set<Alarm.Key> named = new HashSet<>();
    for (Alarm alarm : look.alarms()) {
      if (!kinds.contains(alarm.kind())) {
        throw new IllegalArgumentException(alarm.kind() + " isn't one of " + kinds);
      }
      named.add(alarm.key());
      put(alarm, changes);
    }
    if (look.certain()) {
      up.values()
          .removeIf(alarm -> {
            boolean over = kinds.contains(alarm.kind()) && !named.contains(alarm.key());
            if (over) {
              changes.add(new AlarmChange(AlarmChange.Event.RESOLVED, alarm));
            }
            return over;
          });
    }
    return changes;
  }

  private void put(Alarm alarm, List<AlarmChange> changes) {
    Alarm before = up.get(alarm.key());
    if (before == null) {
      changes.add(new AlarmChange(AlarmChange.Event.RAISED, alarm));
      up.put(alarm.key(), alarm);
      return;
    }
    boolean same = before.isSameState(alarm);
    Alarm now =
        same && before.since().isBefore(alarm.since()) ? alarm.beganAt(before.since()) : alarm;
    up.put(alarm.key(), now);
    if (!same) {
      changes.add(new AlarmChange(AlarmChange.Event.CHANGED, now));
    }
  }
}
