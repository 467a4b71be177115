package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.match.PathPattern;
import java.util.List;

/**
 * What to restore, and how.
 *
 * @param paths in the snapshot, each with all below it; empty for all
 * @param patterns what matches one of them, with all below it; empty for all. With paths: both
 * @param partial write files of which the snapshot has only parts, with holes for the rest
 * @param dryRun write nothing, count what would be
 * @param samplePerMille share of the files written that is read back at the end, within bounds
 * @param bytesPerSecond of sealed chunks received; 0 for no limit
 */
public record RestorePlan(
    List<EntryPath> paths,
    List<PathPattern> patterns,
    Conflict conflict,
    boolean partial,
    boolean dryRun,
    int samplePerMille,
    long bytesPerSecond) {
  /** Everything, where nothing is yet. */
  public static final RestorePlan EVERYTHING =
      new RestorePlan(List.of(), List.of(), Conflict.SKIP, false, false, 0, 0);

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
        wanted, patterns, conflict, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withPatterns(List<PathPattern> wanted) {
    return new RestorePlan(
        paths, wanted, conflict, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withConflict(Conflict mode) {
    return new RestorePlan(paths, patterns, mode, partial, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withPartial() {
    return new RestorePlan(paths, patterns, conflict, true, dryRun, samplePerMille, bytesPerSecond);
  }

  public RestorePlan asDryRun() {
    return new RestorePlan(
        paths, patterns, conflict, partial, true, samplePerMille, bytesPerSecond);
  }

  public RestorePlan withSample(int perMille) {
    return new RestorePlan(paths, patterns, conflict, partial, dryRun, perMille, bytesPerSecond);
  }
}
