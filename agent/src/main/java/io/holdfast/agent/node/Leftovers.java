package io.holdfast.agent.node;

import io.holdfast.agent.hook.Hooks;
import io.holdfast.agent.nbd.NbdServer;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent that was killed left in its scratch directory: sorted runs, sockets, a password
 * that it was about to hand to a database's tool. The notes of its hooks are not among it: who ends
 * those programs needs them. Stateless.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private Leftovers() {}

  /** Removes it; whoever calls has the agent's lock, so that nobody uses it any more. */
  static void clear(Path scratch) {
    try {
      NbdServer.endLeft(scratch);
      removeAll(scratch);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("what an earlier life of the agent left in {} stays: {}", scratch, e.toString());
    }
  }

  private static void removeAll(Path scratch) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(scratch, file -> !Hooks.isOfHook(file))) {
      for (Path file : left) {
        remove(file);
      }
    }
  }

  private static void remove(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> in = Files.newDirectoryStream(file)) {
        for (Path each : in) {
          remove(each);
        }
      }
    }
    Files.deleteIfExists(file);
  }
}
