package io.holdfast.agent.job;

import io.holdfast.agent.walk.Elsewhere;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Where the files of a backup are read.
 *
 * @param elsewhere what is read from other places than its path says
 * @param excluded absolute paths that the walk leaves out: what was made for reading
 * @param devices of file systems made for reading, which count as others
 */
public record PointInTime(
    List<Elsewhere> elsewhere, List<byte[]> excluded, Map<Long, Long> devices) {
  /** Everything as it lies. */
  public static final PointInTime NOW = new PointInTime(List.of(), List.of(), Map.of());

  public PointInTime {
    elsewhere = List.copyOf(elsewhere);
    excluded = List.copyOf(excluded);
    devices = Map.copyOf(devices);
  }

  /** The device that one counts as: a snapshot of a file system as that one itself. */
  public LongUnaryOperator counting() {
    return device -> devices.getOrDefault(device, device);
  }
}
