package io.holdfast.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final Map<String, String> VARIABLES = Map.of("PLACE", "/srv", "WORD", "hush");
  private static final ConfigLoader<SampleConfig> LOADER =
      new ConfigLoader<>(SampleConfig.class, name -> Optional.ofNullable(VARIABLES.get(name)));

  private static LoadedConfig<SampleConfig> parse(String text) {
    return LOADER.parse("s.yaml", text, List.of());
  }

  /** Asserts the problems of {@code text}, one a line. */
  private static void assertProblems(String text, String... problems) {
    HoldfastException error = assertThrows(HoldfastException.class, () -> parse(text));
    assertEquals(ErrorCode.INVALID_CONFIGURATION, error.code());
    assertEquals(
        List.of(problems), error.getMessage().lines().skip(1).toList(), error.getMessage());
  }

  @Test
  void shouldFillDefaults() {
    SampleConfig config = parse("version: 1\ndata_dir: /d\n").value();
    assertEquals(
        new SampleConfig(
            Path.of("/d"),
            "sample",
            true,
            4,
            Duration.ofSeconds(90),
            DataRate.UNLIMITED,
            SampleConfig.Mood.CALM,
            List.of("a", "b"),
            Map.of(),
            Optional.empty(),
            new SampleConfig.Inner(
                DataSize.ofMebibytes(1), DataSize.ofMebibytes(2), new HostPort("localhost", 7443))),
        config);
  }

  @Test
  void shouldTakeEveryKey() {
    SampleConfig config =
        parse(
                """
                version: 1
                data_dir: ${PLACE}/data
                name: "other: $${PLACE}"
                on: false
                count: 64
                patience: 1h30m
                rate: 20 MiB/s
                mood: very_cross
                which: [x]
                labels: {rack: "4", site: west}
                password: ${WORD}
                inner:
                  least: 3 MiB
                  most: 3 MiB
                  where: "[2001:db8::1]:1"
                """)
            .value();
    assertEquals(
        new SampleConfig(
            Path.of("/srv/data"),
            "other: ${PLACE}",
            false,
            64,
            Duration.ofMinutes(90),
            new DataRate(20 << 20),
            SampleConfig.Mood.VERY_CROSS,
            List.of("x"),
            Map.of("rack", "4", "site", "west"),
            Optional.of(new SecretText("hush")),
            new SampleConfig.Inner(
                DataSize.ofMebibytes(3), DataSize.ofMebibytes(3), new HostPort("2001:db8::1", 1))),
        config);
  }

  @Test
  void shouldReportAllProblemsAtOnceByLine() {
    assertProblems(
        """
        version: 1
        data_dirr: /d
        count: 65
        on: yes
        patience: 5
        mood: cross
        which: one
        labels: 3
        name:
        inner: 7
        zebra: 1
        """,
        "s.yaml:1: \"data_dir\" is missing: Where it lies.",
        "s.yaml:2: unknown key \"data_dirr\"; did you mean \"data_dir\"?",
        "s.yaml:3: \"count\": 65 is above the most allowed, 64",
        "s.yaml:4: \"on\": expected true or false, got \"yes\"",
        "s.yaml:5: \"patience\": \"5\" isn't a duration: write numbers with units"
            + " (ms, s, m, h, d, w), such as 90s, 1h30m or 7d",
        "s.yaml:6: \"mood\": expected one of calm, very_cross, got \"cross\"",
        "s.yaml:7: \"which\" is a list, got \"one\"",
        "s.yaml:8: \"labels\" holds keys, got \"3\"",
        "s.yaml:9: \"name\" has no value: write one, or remove the line",
        "s.yaml:10: \"inner\" is a section of keys, got \"7\"",
        "s.yaml:11: unknown key \"zebra\"; known here: count, data_dir, inner, labels, mood, name,"
            + " on, password, password_file, patience, rate, which");
  }

  @Test
  void shouldReportProblemsInsideSectionsAndLists() {
    assertProblems(
        """
        version: 1
        data_dir: relative
        which:
          - fine
          - [not]
        labels:
          rack: [1]
        inner:
          lest: 1 MiB
          most: 2 parsecs
          where: nowhere
        """,
        "s.yaml:2: \"data_dir\": expected an absolute path, got \"relative\"",
        "s.yaml:5: \"which\": expected text, got a list",
        "s.yaml:7: \"labels.rack\": expected text, got a list",
        "s.yaml:9: unknown key \"inner.lest\"; did you mean \"least\"?",
        "s.yaml:10: \"inner.most\": \"2 parsecs\" isn't a size: write a number and a unit, such as"
            + " 512 KiB, 64 MiB or 2 GiB",
        "s.yaml:11: \"inner.where\": \"nowhere\" isn't host:port: write a name or address and a"
            + " port up to 65535, such as backup1:7443 or [2001:db8::1]:7443");
  }

  @Test
  void shouldPassOnWhatARecordSaysOfItsKeysTogether() {
    assertProblems(
        "version: 1\ndata_dir: /d\ninner:\n  least: 3 MiB\n",
        "s.yaml:4: \"inner.least\" is above \"inner.most\"");
  }

  @Test
  void shouldRefuseKeyGivenTwice() {
    assertProblems(
        "version: 1\ndata_dir: /a\ndata_dir: /b\n",
        "s.yaml:3: \"data_dir\" is given twice, first in line 2");
  }

  @Test
  void shouldRefuseMissingAndUnknownVersion() {
    assertProblems(
        "data_dir: /d\n", "s.yaml:1: \"version\" is missing: write \"version: 1\" at the top");
    assertProblems(
        "version: 2\ndata_dir: /d\n",
        "s.yaml:1: version \"2\" isn't known to this release, which reads version 1");
  }

  @Test
  void shouldRefuseAliasesSecondDocumentAndLists() {
    assertProblems(
        "version: 1\nname: &a x\ndata_dir: *a\n",
        "s.yaml:3: an alias (*) isn't supported: write the value out");
    assertProblems("version: 1\n---\nversion: 1\n", "s.yaml:3: a second document: write one only");
    assertProblems("- a\n- b\n", "s.yaml:1: expected keys and values, got a list");
  }

  @Test
  void shouldSayWhereTextIsNoYaml() {
    HoldfastException error =
        assertThrows(HoldfastException.class, () -> parse("version: 1\nname: [a\n"));
    assertTrue(error.getMessage().contains("not valid YAML: "), error.getMessage());
    assertTrue(error.getMessage().contains("s.yaml:"), error.getMessage());
  }

  @Test
  void shouldRefuseVariableThatIsNotSet() {
    assertProblems(
        "version: 1\ndata_dir: ${NOWHERE}/x\n",
        "s.yaml:2: \"data_dir\": the environment variable NOWHERE isn't set: set it, or write the"
            + " value");
  }

  @Test
  void shouldReadSecretFromFileAndNeverPrintIt(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("secret"), "canary-4711\n");
    LoadedConfig<SampleConfig> loaded =
        parse("version: 1\ndata_dir: /d\npassword_file: " + file + "\n");
    assertEquals("canary-4711", loaded.value().password().map(SecretText::reveal).orElseThrow());
    assertFalse(loaded.toString().contains("canary"), "printed");
    assertProblems(
        "version: 1\ndata_dir: /d\npassword: x\npassword_file: /y\n",
        "s.yaml:4: \"password\" and \"password_file\" are both given");
    assertProblems(
        "version: 1\ndata_dir: /d\npassword_file: /not/here\n",
        "s.yaml:3: there is no file /not/here: write it, or name another one");
  }

  @Test
  void shouldTellEveryValueWithItsOrigin() {
    ConfigOverride override = new ConfigOverride("inner.most", "8 MiB", "option --most");
    LoadedConfig<SampleConfig> loaded =
        LOADER.parse("s.yaml", "version: 1\ndata_dir: /d\npassword: canary\n", List.of(override));
    String table =
        loaded.effective().stream()
            .map(value -> value.key() + "=" + value.text() + " " + value.origin())
            .collect(Collectors.joining("\n"));
    assertEquals(
        """
        data_dir=/d s.yaml:2
        name=sample default
        on=true default
        count=4 default
        patience=1m30s default
        rate=unlimited default
        mood=calm default
        which=[a, b] default
        labels={} default
        password=(hidden) s.yaml:3
        inner.least=1 MiB default
        inner.most=8 MiB option --most
        inner.where=localhost:7443 default\
        """,
        table);
  }

  @Test
  void shouldDoWithoutFileWhenOverridesGiveWhatIsRequired() {
    ConfigOverride override = new ConfigOverride("data_dir", "/d", "option --data-dir");
    assertEquals(Path.of("/d"), LOADER.withoutFile(List.of(override)).value().dataDir());
    HoldfastException error =
        assertThrows(HoldfastException.class, () -> LOADER.withoutFile(List.of()));
    assertTrue(
        error.getMessage().contains("no configuration file: \"data_dir\" is missing"),
        error.getMessage());
  }

  @Test
  void shouldNameFileThatIsNotThereOrNotText(@TempDir Path dir) throws IOException {
    Path missing = dir.resolve("missing.yaml");
    HoldfastException error =
        assertThrows(HoldfastException.class, () -> LOADER.load(missing, List.of()));
    assertEquals(ErrorCode.OBJECT_NOT_FOUND, error.code());
    assertTrue(error.getMessage().contains(missing.toString()), error.getMessage());
    Path binary = Files.write(dir.resolve("b.yaml"), new byte[] {(byte) 0xff, 0});
    error = assertThrows(HoldfastException.class, () -> LOADER.load(binary, List.of()));
    assertTrue(error.getMessage().contains("isn't UTF-8"), error.getMessage());
  }

  @Test
  void shouldCountProblemsBeyondTheFirstFifty() {
    StringBuilder text = new StringBuilder("version: 1\ndata_dir: /d\n");
    for (int key = 0; key < 70; key++) {
      text.append("wrong_").append(key).append(": 1\n");
    }
    HoldfastException error = assertThrows(HoldfastException.class, () -> parse(text.toString()));
    assertTrue(error.getMessage().endsWith("and 20 more"), error.getMessage());
  }

  @Test
  void referenceLoadsAndGivesTheDefaults() {
    String reference = ConfigReference.print("Sample", SampleConfig.class);
    String filled = reference.replace("\ndata_dir: \"\"", "\ndata_dir: /d");
    assertEquals(parse("version: 1\ndata_dir: /d\n").value(), parse(filled).value());
    String open = filled.replaceAll("(?m)^( *)#(?=[a-z_]+:)", "$1");
    assertEquals(parse("version: 1\ndata_dir: /d\n").value(), parse(open).value());
    assertTrue(reference.contains("# How many. (a whole number, at least 1, at most 64)"));
  }
}
