package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of a cluster that were restored, made ready for a server to start on them. Speaks to no
 * server and no coordinator; works on nothing but the restored directory.
 *
 * <p>The control file is put in last: until then no server starts, and preparing may be repeated
 * with the same outcome, whatever interrupted it.
 */
public final class RestoredCluster {
  private static final String OWNER_ONLY = "rwx------";
  private static final String FILE_OF_OWNER = "rw-------";
  private static final Pattern OF_RESTORES =
      Pattern.compile("\\s*(restore_command|recovery_target\\w*)\\s*=.*");

  /**
   * What was made ready.
   *
   * @param settings what the server is told for its start
   * @param closed a directory on the way that the files' owner may not be able to pass
   */
  public record Prepared(Path data, List<String> settings, Optional<Path> closed) {}

  private final Path root;
  private final Path data;
  private final RecoveryTarget target;

  private RestoredCluster(Path root, RecoveryTarget target) {
    this.root = root;
    this.data = root.resolve(Layout.DATA);
    this.target = target;
  }

  /**
   * Makes {@code directory} ready, as far as {@code target}.
   *
   * @param directory the cluster's in the restored files, which has {@code data} and {@code
   *     to_start}
   * @throws HoldfastException PATH_NOT_FOUND for what isn't there, TARGET_CONFLICT if it is ready
   *     already and isn't on the way to a target, INVALID_ARGUMENT for a path that a server's
   *     configuration can't name
   */
  public static Prepared prepare(Path directory, RecoveryTarget target) {
    try {
      return new RestoredCluster(directory.toRealPath(), target).prepare();
    } catch (NoSuchFileException e) {
      throw new HoldfastException(
          ErrorCode.PATH_NOT_FOUND,
          directory
              + " is no restored cluster: "
              + e.getFile()
              + " is missing; name the directory that has data and to_start in it, and restore all"
              + " of the snapshot",
          e);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.TARGET_UNWRITABLE,
          "the restored cluster in " + directory + " can't be made ready: " + e,
          e);
    }
  }

  private Prepared prepare() throws IOException {
    requireQuotable();
    requireThere(data.resolve("PG_VERSION"));
    requireThere(start(Layout.LABEL));
    requireThere(start(Layout.CONTROL));
    boolean readyBefore = Files.exists(data.resolve("global/pg_control"));
    if (readyBefore && !isOnTheWay()) {
      throw new HoldfastException(
          ErrorCode.TARGET_CONFLICT,
          data
              + " was made ready before: start the server on it; or empty "
              + root
              + " and restore it again");
    }
    if (target.needsArchive()) {
      requireThere(root.resolve(Layout.ARCHIVE));
    }
    List<String> settings = settings();
    if (readyBefore) {
      placeSettings(settings);
      return new Prepared(data, settings, closed());
    }
    placeLog();
    placeLinks();
    placeSettings(settings);
    place(start(Layout.LABEL), data.resolve(Layout.LABEL));
    place(start(Layout.CONTROL), data.resolve("global/pg_control"));
    return new Prepared(data, settings, closed());
  }

  private Optional<Path> closed() throws IOException {
    Object owner = Files.getAttribute(data, "unix:uid");
    for (Path at = root; at != null; at = at.getParent()) {
      boolean own = owner.equals(Files.getAttribute(at, "unix:uid"));
      if (!own && !Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private Path start(String name) {
    return root.resolve(Layout.TO_START).resolve(name);
  }

  private void requireQuotable() {
    if (root.toString().chars().anyMatch(c -> c < ' ' || "'\"\\%$`".indexOf(c) >= 0)) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a server's configuration can't name " + root + ": restore to a directory of plain name");
    }
  }

  private static void requireThere(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
  }

  /**
   * Whether a server that was started on it, if one was, stopped before it came to its target: it
   * may be given another one, from where it got to (PostgreSQL's documentation, "Recovering Using a
   * Continuous Archive Backup"). It removes the file once it goes on as a new timeline.
   */
  private boolean isOnTheWay() {
    return target.needsArchive()
        && Files.exists(data.resolve("recovery.signal"))
        && !Files.exists(data.resolve("postmaster.pid"));
  }

  /** The server finds the log up to the backup's end where it looks first. */
  private void placeLog() throws IOException {
    Path log = data.resolve("pg_wal");
    makeDirectory(log);
    makeDirectory(log.resolve("archive_status"));
    for (Path file : files(root.resolve(Layout.LOG))) {
      place(file, log.resolve(file.getFileName()));
    }
  }

  private void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(OWNER_ONLY));
      giveToOwner(directory);
    }
  }

  /** Each tablespace stays where it was restored to; the server makes the links. */
  private void placeLinks() throws IOException {
    StringBuilder links = new StringBuilder();
    for (Path tablespace : files(root.resolve(Layout.TABLESPACES))) {
      links.append(tablespace.getFileName()).append(' ').append(tablespace).append('\n');
    }
    if (!links.isEmpty()) {
      write(data.resolve(Layout.LINKS), links.toString());
    }
  }

  private List<String> settings() {
    if (!target.needsArchive()) {
      return List.of();
    }
    String archive = root.resolve(Layout.ARCHIVE).toString();
    List<String> settings = new ArrayList<>();
    settings.add(
        "restore_command = 'cp \"%1$s/%%f\" \"%%p\" || cp \"%1$s/%%f%2$s\" \"%%p\"'"
            .formatted(archive, Layout.PARTIAL));
    settings.add("recovery_target_timeline = 'latest'");
    target.setting().ifPresent(settings::add);
    settings.add("recovery_target_action = 'promote'");
    return List.copyOf(settings);
  }

  /** In the file that is read last, so that they win; what an earlier restore wrote goes. */
  private void placeSettings(List<String> settings) throws IOException {
    Path file = data.resolve("postgresql.auto.conf");
    List<String> lines =
        new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.<String>of());
    lines.removeIf(line -> OF_RESTORES.matcher(line).matches());
    lines.addAll(settings);
    write(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    if (settings.isEmpty()) {
      Files.deleteIfExists(data.resolve("recovery.signal"));
    } else {
      write(data.resolve("recovery.signal"), "");
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      found.forEach(files::add);
    }
    files.sort(null);
    return files;
  }

  /** Copies, durably, under the cluster's owner; the original stays, for another attempt. */
  private void place(Path from, Path to) throws IOException {
    Path fresh = to.resolveSibling(to.getFileName() + ".holdfast");
    Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING);
    settle(fresh, to);
  }

  private void write(Path to, String text) throws IOException {
    Path fresh = to.resolveSibling(to.getFileName() + ".holdfast");
    Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
    settle(fresh, to);
  }

  private void settle(Path fresh, Path to) throws IOException {
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(FILE_OF_OWNER));
    giveToOwner(fresh);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** A server refuses files that aren't its own user's. */
  private void giveToOwner(Path file) throws IOException {
    for (String of : List.of("unix:uid", "unix:gid")) {
      Object wanted = Files.getAttribute(data, of);
      if (!wanted.equals(Files.getAttribute(file, of))) {
        Files.setAttribute(file, of, wanted);
      }
    }
  }
}
