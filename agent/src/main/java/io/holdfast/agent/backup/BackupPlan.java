package io.holdfast.agent.backup;

import io.holdfast.common.id.RunId;
import java.util.List;

/**
 * One run to make.
 *
 * @param run chosen once for the run; repeated, the coordinator answers with the same snapshot
 * @param sources absolute paths as they were given, or one name of what isn't files
 * @param readEverything read files even if nothing says that they changed
 */
public record BackupPlan(RunId run, List<byte[]> sources, boolean readEverything) {
  boolean readsFiles() {
    return sources.stream().allMatch(source -> source.length > 0 && source[0] == '/');
  }
}
