package io.holdfast.coordinator.alarm;

import java.util.List;

/**
 * What a source found.
 *
 * @param certain whether what isn't here is over; otherwise it may just not be known
 */
public record Look(List<Alarm> alarms, boolean certain) {
  public static final Look NOTHING = certain(List.of());
  public static final Look UNKNOWN = new Look(List.of(), false);

  public Look {
    alarms = List.copyOf(alarms);
  }

  public static Look certain(List<Alarm> alarms) {
    return new Look(alarms, true);
  }
}
