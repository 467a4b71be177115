package io.holdfast.deploy.cli;

/** What a command's help says of how snapshots are named; the coordinator resolves the name. */
final class SnapshotName {
  static final String DESCRIPTION =
      "Id or its beginning, latest, latest:HOST, or HOST@TIME (the newest at that time).";

  private SnapshotName() {}
}
