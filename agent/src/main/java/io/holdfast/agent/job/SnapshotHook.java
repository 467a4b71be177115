package io.holdfast.agent.job;

import io.holdfast.agent.hook.HookCall;
import io.holdfast.agent.hook.HookContext;
import io.holdfast.agent.hook.HookOutput;
import io.holdfast.agent.hook.Hooks;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.walk.Elsewhere;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hook that makes a file system snapshot and removes it. The last line that it prints when it
 * made one is a directory, below which each source lies under its whole path.
 */
final class SnapshotHook {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotHook.class);
  private static final String MAKE = "snapshot-create";
  private static final String REMOVE = "snapshot-remove";

  private final Hooks hooks;
  private final HookCall call;
  private final HookContext context;

  SnapshotHook(Hooks hooks, String name, HookContext context) {
    this.hooks = hooks;
    this.call = new HookCall(name, HookCall.TIME_LIMIT_STANDARD);
    this.context = context;
  }

  /** Has it made. HOOK_REFUSED, HOOK_FAILED, POINT_IN_TIME_FAILED. */
  Path make() throws InterruptedException {
    HookOutput output = hooks.run(call, MAKE, context).orThrow();
    String line = output.lastLines().substring(output.lastLines().lastIndexOf('\n') + 1).strip();
    try {
      Path root = Path.of(line);
      if (root.isAbsolute() && Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
        return root.normalize();
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw new HoldfastException(
        ErrorCode.POINT_IN_TIME_FAILED,
        "hook "
            + call.name()
            + " should have printed the directory of a file system snapshot as its last line, and"
            + " printed \""
            + line
            + "\"");
  }

  /** Where the sources lie below {@code root}. */
  static PointInTime below(Path root, List<Path> sources) {
    List<Elsewhere> elsewhere = new ArrayList<>();
    Map<Long, Long> devices = new HashMap<>();
    for (Path source : sources) {
      Path there = root.resolve(Path.of("/").relativize(source)).normalize();
      elsewhere.add(new Elsewhere(bytes(source), bytes(there)));
      Optional<FileStat> made = find(there);
      Optional<FileStat> original = find(source);
      if (made.isPresent() && original.isPresent()) {
        devices.putIfAbsent(made.get().device(), original.get().device());
      }
    }
    return new PointInTime(elsewhere, List.of(), devices);
  }

  private static Optional<FileStat> find(Path path) {
    try {
      return Posix.findAt(Posix.NO_DIRECTORY, bytes(path));
    } catch (PosixException e) {
      return Optional.empty(); // the walk says it
    }
  }

  private static byte[] bytes(Path path) {
    return Names.of(path.toString());
  }

  /**
   * Has it removed. Whether it is.
   *
   * @param root empty if it was never told: it may be there in part
   */
  boolean remove(String root) {
    try {
      Optional<String> failure =
          hooks.run(call, REMOVE, context.with("SNAPSHOT_ROOT", root)).failure();
      return failure.isEmpty();
    } catch (HoldfastException e) {
      LOG.error("hook {} ({}): {}", call.name(), REMOVE, e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
      return false;
    }
  }
}
