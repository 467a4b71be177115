package io.holdfast.common.page;

import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Totals;
import java.util.List;

/**
 * What only a root says.
 *
 * @param sources absolute paths as they were given, strictly ascending as bytes; or one name of
 *     what isn't files
 * @param totals of the whole snapshot
 */
public record RootHeader(List<Octets> sources, Totals totals) {
  public RootHeader {
    sources = List.copyOf(sources);
    if (sources.size() > PageLimits.MAX_SOURCES) {
      throw new IllegalArgumentException("a snapshot has at most 4,096 sources");
    }
    long bytes = 0;
    for (int at = 0; at < sources.size(); at++) {
      bytes += checkedLength(sources.get(at));
      if (at > 0 && sources.get(at - 1).compareTo(sources.get(at)) >= 0) {
        throw new IllegalArgumentException(
            "source '"
                + sources.get(at)
                + "' doesn't follow '"
                + sources.get(at - 1)
                + "' in order");
      }
    }
    if (bytes > PageLimits.MAX_SOURCES_BYTES) {
      throw new IllegalArgumentException("the sources' paths have more than 512 KiB in all");
    }
  }

  private static int checkedLength(Octets source) {
    if (source.isEmpty() || source.length() > PageLimits.MAX_SOURCE_BYTES || source.contains(0)) {
      throw new IllegalArgumentException("a source's path has 1 to 65,535 bytes and no NUL");
    }
    return source.length();
  }
}
