package io.holdfast.coordinator.schedule.plan;

/** An attempt whose time has come and that can't begin yet. */
public record WaitingRun(DueRun run, Reason reason) {
  /** What it waits for. */
  public enum Reason {
    HOST_NOT_CONNECTED("its host is not connected"),
    HOST_BUSY("its host has as many jobs as it may"),
    COORDINATOR_FULL("as many jobs run as may at one time"),
    VAULT_FULL("as many jobs write to its vault as may"),
    GROUP_FULL("as many jobs of its group run as may");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** For people, after "waits: ". */
    public String text() {
      return text;
    }
  }
}
