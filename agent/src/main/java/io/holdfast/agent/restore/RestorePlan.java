package io.holdfast.agent.restore;

import io.holdfast.agent.tree.ConflictMode;
import io.holdfast.agent.tree.Privileges;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.match.PathPattern;
import java.util.List;

/**
 * What to restore, and how.
 *
 * @param paths in the snapshot, each with all below it; empty for all
 * @param patterns what matches one of them, with all below it; empty for all. With paths: both
 * @param privileges what restored entries may gain; owners that can't be set are reported
 * @param partial write files of which the snapshot has only parts, with holes for the rest
 * @param dryRun write nothing, count what would be
 * @param samplePerMille share of the files written that is read back at the end, within bounds
 * @param bytesPerSecond of sealed chunks received; 0 for no limit
 */
public record RestorePlan(
    List<EntryPath> paths,
    List<PathPattern> patterns,
    ConflictMode conflict,
    Privileges privileges,
    boolean partial,
    boolean dryRun,
    int samplePerMille,
    long bytesPerSecond) {
  /** Everything, where nothing is yet. */
  public static final RestorePlan EVERYTHING =
      new RestorePlan(
          List.of(),
          List.of(),
          ConflictMode.SKIP_EXISTING,
          new Privileges(true, false, false),
          false,
          false,
          0,
          0);

  public RestorePlan {
    paths = List.copyOf(paths);
    patterns = List.copyOf(patterns);
    if (samplePerMille < 0 || samplePerMille > 1_000 || bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "sample of " + samplePerMille + " per mille at " + bytesPerSecond + " bytes a second");
    }
  }

  public RestorePlan withPaths(List<EntryPath> wanted) {
    return new RestorePlan(
        wanted, patterns, conflict, privileges, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withPatterns(List<PathPattern> wanted) {
    return new RestorePlan(
        paths, wanted, conflict, privileges, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withConflict(ConflictMode mode) {
    return new RestorePlan(
        paths, patterns, mode, privileges, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withPrivileges(Privileges granted) {
    return new RestorePlan(
        paths, patterns, conflict, granted, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withPartial() {
    return new RestorePlan(
        paths, patterns, conflict, privileges, true, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan asDryRun() {
    return new RestorePlan(
        paths, patterns, conflict, privileges, partial, true, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withSample(int perMille) {
    return new RestorePlan(
        paths, patterns, conflict, privileges, partial, dryRun, perMille, bytesPerSecond);
  }
}
