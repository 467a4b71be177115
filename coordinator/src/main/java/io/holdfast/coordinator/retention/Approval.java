package io.holdfast.coordinator.retention;

/**
 * What an operator let pass. It approves amounts and not a plan: whatever is more than what he saw
 * waits again.
 *
 * @param expiring how many snapshots of a host may expire by one decision although that is more
 *     than half
 * @param unscheduledPerDay how many unscheduled snapshots a day of a source set are ordinary
 */
public record Approval(long expiring, long unscheduledPerDay) {
  public static final Approval NONE = new Approval(0, 0);
}
