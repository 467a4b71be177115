package io.holdfast.agent.hook;

import io.holdfast.agent.posix.ProcessGroup;
import io.holdfast.agent.posix.ProcessNote;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs that outlived an agent that was killed. Each one that runs is noted in a file.
 * Stateless.
 */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
  private static final String PREFIX = "hook-";
  private static final String SUFFIX = ".pid";

  private Orphans() {}

  /** Where the program numbered {@code number} is noted; its pipes have names that begin so. */
  static Path note(Path scratch, long number) {
    return scratch.resolve(PREFIX + number + SUFFIX);
  }

  /** Whether a file in the scratch directory is such a note, or a pipe beside it. */
  static boolean isOurs(Path file) {
    return file.getFileName().toString().startsWith(PREFIX);
  }

  /** Ends those of an earlier life of the agent, and takes away what they leave in its scratch. */
  static void end(Path scratch) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch, PREFIX + "*")) {
      for (Path file : left) {
        if (file.getFileName().toString().endsWith(SUFFIX)) {
          endNoted(file);
        }
        Files.deleteIfExists(file);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("hooks of an earlier life of the agent may still run: {}", e.getMessage());
    }
  }

  private static void endNoted(Path note) throws IOException {
    ProcessNote.running(note)
        .ifPresent(process -> {
          LOG.warn("ending hook process {}, which outlived the agent that ran it", process.pid());
          new ProcessGroup(process.pid()).kill();
        });
  }
}
