package io.holdfast.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hooks that are shipped as a beginning, with commands in place of LVM's and ZFS's own that
 * only note what is asked of them.
 */
class ExampleHooksTest {
  @TempDir Path directory;

  private record Ended(int status, String said) {}

  private static Path shipped() {
    Path here = Path.of("").toAbsolutePath();
    Path top = Files.exists(here.resolve("README.md")) ? here : here.getParent();
    return top.resolve("deploy/src/main/distribution/share/hooks");
  }

  /** There is a snapshot, or a mount, if there is a file for it. */
  @BeforeEach
  void putOthersInPlace() throws IOException {
    String standIn =
        """
        #!/bin/sh
        echo "$(basename "$0") $*" >> '%1$s/calls'
        case "$(basename "$0") $*" in
          lvcreate*|"zfs snapshot"*) touch '%1$s/snapshot' ;;
          lvremove*|"zfs destroy"*) rm '%1$s/snapshot' ;;
          lvs*|"zfs list"*) test -e '%1$s/snapshot' ;;
          mountpoint*) test -e '%1$s/mounted' ;;
          "mount "*) test ! -e '%1$s/broken' && touch '%1$s/mounted' ;;
          umount*) rm '%1$s/mounted' ;;
          findmnt*) echo xfs ;;
        esac
        """
            .formatted(directory);
    Path programs = Files.createDirectory(directory.resolve("bin"));
    for (String name :
        List.of("lvcreate", "lvremove", "lvs", "zfs", "mount", "umount", "mountpoint", "findmnt")) {
      Path program = programs.resolve(name);
      Files.writeString(program, standIn);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Its mounts below the test's directory. */
  private Path hook(String name) throws IOException {
    Path hook = directory.resolve(name);
    Files.copy(shipped().resolve(name), hook, StandardCopyOption.COPY_ATTRIBUTES);
    String text = Files.readString(hook);
    String moved = text.replace("ROOT=/run/", "ROOT=" + directory + "/run/");
    assertFalse(moved.equals(text));
    Files.writeString(hook, moved);
    return hook;
  }

  private Ended run(Path hook, String phase, String sources) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(hook.toString()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("HOLDFAST_PHASE", phase);
    builder.environment().put("HOLDFAST_SOURCES", sources);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said.strip());
  }

  private boolean isLeft() {
    return Stream.of("snapshot", "mounted", "run")
        .anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  @Test
  void shouldAllBeScriptsThatShellsUnderstand() throws Exception {
    try (Stream<Path> hooks = Files.list(shipped())) {
      for (Path hook : hooks.toList()) {
        assertTrue(Files.isExecutable(hook), hook::toString);
        for (String shell : List.of("bash", "sh")) {
          Process check =
              new ProcessBuilder(shell, "-n", hook.toString()).redirectErrorStream(true).start();
          String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertEquals(0, check.waitFor(), said);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lvm", "zfs"})
  void shouldMakeASnapshotTellWhereItLiesAndRemoveIt(String name) throws Exception {
    Path hook = hook(name);
    Ended made = run(hook, "snapshot-create", "/srv/data/www\n/srv/data\n");
    assertEquals(0, made.status(), made::said);
    String root = made.said().lines().toList().getLast();
    assertTrue(Files.isDirectory(Path.of(root + "/srv/data")), root);
    assertTrue(Files.exists(directory.resolve("mounted")));

    Ended removed = run(hook, "snapshot-remove", "");
    assertEquals(0, removed.status(), removed::said);
    assertFalse(isLeft(), () -> "something is left");
    assertTrue(calls().toString().contains(name.equals("lvm") ? "mount -o ro,nouuid" : "mount -t"));
  }

  /** Of a run that was cut off before anybody was told where it lies. */
  @ParameterizedTest
  @ValueSource(strings = {"lvm", "zfs"})
  void shouldRemoveWhatIsThereOfASnapshotThatWasNotFinished(String name) throws Exception {
    Path hook = hook(name);
    Files.createFile(directory.resolve("broken"));
    Ended failed = run(hook, "snapshot-create", "/srv/data\n");
    assertTrue(failed.status() != 0 && isLeft(), failed::said);
    Files.delete(directory.resolve("broken"));
    assertEquals(0, run(hook, "snapshot-create", "/srv/data\n").status(), "it begins anew");
    assertEquals(0, run(hook, "snapshot-remove", "").status());
    assertFalse(isLeft());
    assertEquals(0, run(hook, "snapshot-remove", "").status(), "nothing to remove is fine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lvm", "zfs"})
  void shouldRefuseWhatDoesNotLieThere(String name) throws Exception {
    Path hook = hook(name);
    Ended elsewhere = run(hook, "snapshot-create", "/srv/data\n/srv/database\n");
    assertEquals(1, elsewhere.status());
    assertTrue(elsewhere.said().startsWith("/srv/database does not lie"), elsewhere::said);
    assertEquals(2, run(hook, "before", "/srv/data\n").status());
    assertFalse(isLeft());
  }
}
