package io.holdfast.coordinator.job;

import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether what an order wants read, and run around that, makes sense. The agent looks again: what
 * it may run is its host's to say.
 */
final class OrderedSources {
  private static final int HOOKS_MAX = 32;

  /** Of files without a directory, as policies have them. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private OrderedSources() {}

  /** INVALID_ARGUMENT, saying why, if it doesn't. */
  static void check(BackupOrder order) {
    checkSource(order);
    checkSnapshotFirst(order);
    checkHooks("before", order.getBeforeList());
    checkHooks("after", order.getAfterList());
    if (order.getBeforeCount() + order.getAfterCount() > HOOKS_MAX) {
      throw Orders.invalid("it has more than " + HOOKS_MAX + " hooks");
    }
  }

  private static void checkSource(BackupOrder order) {
    switch (order.getSourceCase()) {
      case SOURCE_NOT_SET -> {
        Orders.requirePaths("source", order.getSourcesList());
        if (order.getSourcesCount() == 0) {
          throw Orders.invalid("a backup needs at least one source");
        }
      }
      case COMMAND -> check(order.getCommand());
      case BLOCK_IMAGE ->
          Orders.requirePaths("disk image", List.of(order.getBlockImage().getPath()));
      case POSTGRES, MARIADB -> {}
    }
    boolean files = order.getSourceCase() == BackupOrder.SourceCase.SOURCE_NOT_SET;
    if (!files && (order.getSourcesCount() > 0 || order.getPatternsCount() > 0)) {
      throw Orders.invalid("a backup reads files, or one other source, not both");
    }
  }

  private static void check(CommandSource command) {
    checkName("a command", command.getCommand());
    checkName("the file of a command's output", command.getFileName());
  }

  private static void checkSnapshotFirst(BackupOrder order) {
    boolean hook = order.getSnapshotFirst() == SnapshotFirst.SNAPSHOT_FIRST_HOOK;
    if (hook != !order.getSnapshotHook().isEmpty()) {
      throw Orders.invalid("a file system snapshot by a hook, and that hook's name, go together");
    }
    if (hook) {
      checkName("the hook for a file system snapshot", order.getSnapshotHook());
    }
    boolean first = order.getSnapshotFirst() != SnapshotFirst.SNAPSHOT_FIRST_UNSPECIFIED;
    if (first && order.getSourceCase() != BackupOrder.SourceCase.SOURCE_NOT_SET) {
      throw Orders.invalid("only files can be read from a file system snapshot");
    }
  }

  private static void checkHooks(String when, List<HookCall> hooks) {
    hooks.forEach(hook -> checkName("a hook " + when + " it", hook.getName()));
  }

  private static void checkName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Orders.invalid(
          what
              + " is \""
              + name
              + "\", which is no file's name: write letters, digits, dots, dashes and underscores,"
              + " no path");
    }
  }
}
