package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Names;
import java.nio.file.Path;
import java.util.List;

/**
 * What to walk.
 *
 * @param roots absolute paths; a root inside another is walked once, and is walked even where the
 *     outer one stops (file system border, filter)
 * @param filter what to leave out; never a root itself
 * @param alwaysExcluded absolute paths left out with all they hold, roots or not: the agent's own
 *     state
 * @param elsewhere what is read from other places than its path says
 * @param oneFileSystem keep mount points below a root, but empty
 * @param honourCacheTags keep of a directory with a valid CACHEDIR.TAG only itself and the tag
 * @param scratch directory for sorting large directories; exists, and is on a local disk
 */
public record WalkOptions(
    List<byte[]> roots,
    PathFilter filter,
    List<byte[]> alwaysExcluded,
    List<Elsewhere> elsewhere,
    boolean oneFileSystem,
    boolean honourCacheTags,
    Path scratch,
    WalkLimits limits) {

  public WalkOptions {
    roots = List.copyOf(roots);
    alwaysExcluded = List.copyOf(alwaysExcluded);
    elsewhere = List.copyOf(elsewhere);
  }

  /** Everything where it is. */
  public WalkOptions(
      List<byte[]> roots,
      PathFilter filter,
      List<byte[]> alwaysExcluded,
      boolean oneFileSystem,
      boolean honourCacheTags,
      Path scratch,
      WalkLimits limits) {
    this(roots, filter, alwaysExcluded, List.of(), oneFileSystem, honourCacheTags, scratch, limits);
  }

  /** All of {@code roots} with no filter, across file systems, honouring cache tags. */
  public static WalkOptions of(List<String> roots, Path scratch) {
    return new WalkOptions(
        roots.stream().map(Names::of).toList(),
        PathFilter.none(),
        List.of(),
        false,
        true,
        scratch,
        WalkLimits.defaults());
  }

  public WalkOptions withFilter(PathFilter newFilter) {
    return new WalkOptions(
        roots,
        newFilter,
        alwaysExcluded,
        elsewhere,
        oneFileSystem,
        honourCacheTags,
        scratch,
        limits);
  }

  public WalkOptions withAlwaysExcluded(List<byte[]> paths) {
    return new WalkOptions(
        roots, filter, paths, elsewhere, oneFileSystem, honourCacheTags, scratch, limits);
  }

  public WalkOptions withElsewhere(List<Elsewhere> places) {
    return new WalkOptions(
        roots, filter, alwaysExcluded, places, oneFileSystem, honourCacheTags, scratch, limits);
  }

  public WalkOptions withOneFileSystem(boolean one) {
    return new WalkOptions(
        roots, filter, alwaysExcluded, elsewhere, one, honourCacheTags, scratch, limits);
  }

  public WalkOptions withCacheTags(boolean honour) {
    return new WalkOptions(
        roots, filter, alwaysExcluded, elsewhere, oneFileSystem, honour, scratch, limits);
  }

  public WalkOptions withLimits(WalkLimits newLimits) {
    return new WalkOptions(
        roots,
        filter,
        alwaysExcluded,
        elsewhere,
        oneFileSystem,
        honourCacheTags,
        scratch,
        newLimits);
  }
}
