/**
 * The tree a restore writes: entries made below one target directory and nowhere else.
 *
 * <p>Owns {@link io.holdfast.agent.tree.TreeWriter}: how directories, files, links and special
 * files come to stand under their final names with their metadata, what happens to what stands
 * there already, and the {@link io.holdfast.agent.tree.Differences} between what an entry says and
 * what could be made of it.
 *
 * <p>Must never, whatever entries say and whoever changes the target meanwhile: make, change or
 * remove anything outside the target; follow a symbolic link below it; leave half a file under its
 * final name; grant set-id bits, file capabilities or device nodes that weren't asked for; report
 * as done what wasn't.
 *
 * <p>How: every directory is reached from the target's own descriptor by components that are
 * checked and opened without following links ({@code TargetDirectories}). Everything but
 * directories is made under a temporary name beside its final one, described, and renamed ({@code
 * Placement}). Directories are made open to nobody else, and described at the end, the deepest
 * first, from a log on disk ({@code DirectoryLog}).
 *
 * <p>Large files go to the disk while they are written and don't stay in the host's page cache,
 * where the kernel can do that ({@link io.holdfast.agent.tree.FileSink}); the rest is left to one
 * sync at the end.
 *
 * <p>One bad entry is a counted difference; a full disk or a read-only target ends the restore with
 * a typed error.
 *
 * <p>Threads: entries may be written from any number of threads; of two that depend on each other
 * (a hard link and its file) the caller finishes the first before it begins the second. Files: the
 * target, and one log in the scratch directory. Descriptors: a bounded number of directories and
 * one per open {@link io.holdfast.agent.tree.FileSink}.
 *
 * <p>Tests: {@code TreeWriterTest} (what is made), {@code ConflictTest} (what stands in the way),
 * {@code ContainmentTest} (a corpus of attempts to leave, and a directory swapped while it is
 * written), {@code DirectoryLogTest}.
 */
package io.holdfast.agent.tree;
