package io.holdfast.agent.tree;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a tree is written.
 *
 * @param conflicts about entries of the same kind
 * @param replaceOtherKinds whether something of another kind makes way: a link or file for a
 *     directory, an empty directory for a file. Never a directory with content
 * @param content in place of size and time for {@link ConflictMode#OVERWRITE_IF_DIFFERENT}
 * @param sync make everything durable before {@link TreeWriter#finish} returns
 * @param scratch directory for the log of directories; exists
 * @param openDirectoriesMax descriptors of directories kept for reuse
 * @param differencesKeptMax differences kept one by one; beyond, they are counted
 */
public record TreeOptions(
    ConflictMode conflicts,
    boolean replaceOtherKinds,
    Privileges privileges,
    Optional<ExistingContent> content,
    boolean sync,
    Path scratch,
    int openDirectoriesMax,
    int differencesKeptMax) {

  private static final int OPEN_DIRECTORIES_MAX = 128;
  private static final int DIFFERENCES_KEPT_MAX = 1_000;

  /** Keeps what exists, grants nothing beyond owners, syncs at the end. */
  public static TreeOptions careful(Path scratch) {
    return new TreeOptions(
        ConflictMode.SKIP_EXISTING,
        false,
        Privileges.careful(),
        Optional.empty(),
        true,
        scratch,
        OPEN_DIRECTORIES_MAX,
        DIFFERENCES_KEPT_MAX);
  }

  public TreeOptions withConflicts(ConflictMode mode) {
    return new TreeOptions(
        mode,
        replaceOtherKinds,
        privileges,
        content,
        sync,
        scratch,
        openDirectoriesMax,
        differencesKeptMax);
  }

  public TreeOptions withReplaceOtherKinds(boolean replace) {
    return new TreeOptions(
        conflicts,
        replace,
        privileges,
        content,
        sync,
        scratch,
        openDirectoriesMax,
        differencesKeptMax);
  }

  public TreeOptions withPrivileges(Privileges granted) {
    return new TreeOptions(
        conflicts,
        replaceOtherKinds,
        granted,
        content,
        sync,
        scratch,
        openDirectoriesMax,
        differencesKeptMax);
  }

  public TreeOptions withContent(ExistingContent comparison) {
    return new TreeOptions(
        conflicts,
        replaceOtherKinds,
        privileges,
        Optional.of(comparison),
        sync,
        scratch,
        openDirectoriesMax,
        differencesKeptMax);
  }

  public TreeOptions withSync(boolean durable) {
    return new TreeOptions(
        conflicts,
        replaceOtherKinds,
        privileges,
        content,
        durable,
        scratch,
        openDirectoriesMax,
        differencesKeptMax);
  }

  public TreeOptions withBounds(int openDirectories, int differencesKept) {
    return new TreeOptions(
        conflicts,
        replaceOtherKinds,
        privileges,
        content,
        sync,
        scratch,
        openDirectories,
        differencesKept);
  }
}
