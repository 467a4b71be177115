package io.holdfast.coordinator.browse;

import io.holdfast.common.entry.EntryPath;
import java.util.List;

/**
 * How much a selection takes.
 *
 * @param bytes of files as they are read, holes included
 * @param missing paths that the snapshot doesn't hold
 */
public record Selected(long files, long directories, long bytes, List<EntryPath> missing) {
  public Selected {
    missing = List.copyOf(missing);
  }
}
