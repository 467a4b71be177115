package io.holdfast.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script bin/holdfast, with a Java that prints how it was started. */
class LauncherTest {
  private static final String PRINTS_ARGUMENTS =
      """
      #!/bin/sh
      for each in "$@"; do echo "$each"; done
      echo LC_ALL=$LC_ALL; echo umask=$(umask)
      """;

  @TempDir Path dir;

  @BeforeEach
  void install() throws IOException {
    Path module = Path.of("").toAbsolutePath();
    Files.createDirectories(dir.resolve("bin"));
    Files.createDirectories(dir.resolve("lib"));
    Files.copy(module.resolve("src/main/distribution/bin/holdfast"), dir.resolve("bin/holdfast"));
    Files.copy(module.resolve("lib/find-java"), dir.resolve("lib/find-java"));
    java("java25", "25.0.3");
  }

  private Path java(String name, String version) throws IOException {
    Path home = Files.createDirectories(dir.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Path java = Files.writeString(home.resolve("bin/java"), PRINTS_ARGUMENTS);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }

  private List<String> launch(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("bash", dir.resolve("bin/holdfast").toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", dir.resolve("java25").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed.lines().toList();
  }

  @Test
  void shouldStartShortCommandsFast() throws Exception {
    List<String> words = launch(Map.of(), "backup", "web1", "/a b", "--json");
    assertTrue(words.contains("-XX:TieredStopAtLevel=1"), words::toString);
    int main = words.indexOf("io.holdfast.deploy.cli.Main");
    assertEquals(List.of("backup", "web1", "/a b", "--json"), words.subList(main + 1, main + 5));
  }

  @Test
  void shouldGiveServicesTheOptimisingCompilerAndTheirMemory() throws Exception {
    List<String> agent = launch(Map.of(), "--config", "/etc/a.yaml", "agent", "run");
    assertTrue(agent.contains("-Xmx88m"), agent::toString);
    assertFalse(agent.contains("-XX:TieredStopAtLevel=1"), agent::toString);
    List<String> coordinator = launch(Map.of(), "-v", "coordinator", "run");
    assertTrue(coordinator.contains("-Xmx512m"), coordinator::toString);
    assertFalse(coordinator.contains("-XX:TieredStopAtLevel=1"), coordinator::toString);
    for (List<String> words : List.of(agent, coordinator)) {
      String ciphers = "CompileThresholdScaling,com.sun.crypto.provider.*::*,0.01";
      assertTrue(words.contains("-XX:CompileCommand=" + ciphers), words::toString);
    }
    List<String> enrol = launch(Map.of(), "agent", "enroll");
    assertTrue(enrol.contains("-XX:TieredStopAtLevel=1"), enrol::toString);
  }

  @Test
  void shouldStartFromTheArchiveOfItsRoleWhereThereIsOne() throws Exception {
    assertTrue(launch(Map.of(), "status").stream().noneMatch(word -> word.contains("AOTCache")));
    for (String name : List.of("command", "agent", "coordinator")) {
      Files.createFile(dir.resolve("lib/" + name + ".aot"));
    }
    assertTrue(launch(Map.of(), "status").contains(archive("command")));
    assertTrue(launch(Map.of(), "agent", "run").contains(archive("agent")));
    assertTrue(launch(Map.of(), "coordinator", "run").contains(archive("coordinator")));
    assertTrue(launch(Map.of(), "init").stream().noneMatch(word -> word.contains("AOTCache")));
  }

  private String archive(String name) throws IOException {
    return "-XX:AOTCache=" + dir.toRealPath().resolve("lib/" + name + ".aot");
  }

  @Test
  void shouldKeepWhatCoordinatorsWriteFromOthers() throws Exception {
    for (List<String> words :
        List.of(
            List.of("init", "--vault", "/v"),
            List.of("--config", "/c", "coordinator", "run"),
            List.of("catalog", "rebuild"),
            List.of("key", "import", "kit"))) {
      List<String> printed = launch(Map.of(), words.toArray(String[]::new));
      assertTrue(printed.contains("umask=0077"), printed::toString);
    }
  }

  @Test
  void shouldPutTheOperatorsOptionsLast() throws Exception {
    List<String> words = launch(Map.of("HOLDFAST_JAVA_OPTS", "-Xmx2g -Dx=y"), "coordinator", "run");
    assertTrue(words.indexOf("-Xmx2g") > words.indexOf("-Xmx512m"), words::toString);
    assertTrue(words.contains("-Dx=y"), words::toString);
  }

  @Test
  void shouldPassOverJavaThatIsTooOld() throws Exception {
    Path old = java("java17", "17.0.15");
    java("runtime", "26"); // the bundled one goes first
    List<String> words = launch(Map.of("JAVA_HOME", old.toString()), "status");
    assertTrue(words.contains("io.holdfast.deploy.cli.Main"), words::toString);
  }

  @Test
  void shouldMakeEveryFileNameSayable() throws Exception {
    assertTrue(launch(Map.of("LC_ALL", "C"), "status").contains("LC_ALL=C.UTF-8"));
    assertTrue(launch(Map.of("LC_ALL", "de_DE.UTF-8"), "status").contains("LC_ALL=de_DE.UTF-8"));
  }
}
