package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.Alarm;
import io.holdfast.proto.wire.v1.AlarmSeverity;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.ChunkKind;
import io.holdfast.proto.wire.v1.CreateTokenAnswer;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.DiffSnapshotsRequest;
import io.holdfast.proto.wire.v1.Difference;
import io.holdfast.proto.wire.v1.DifferenceKind;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.ExportKeysAnswer;
import io.holdfast.proto.wire.v1.File;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.FoundFile;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.HostSpace;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.ListPacksRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.Protection;
import io.holdfast.proto.wire.v1.ProtectionTotals;
import io.holdfast.proto.wire.v1.RevokeHostAnswer;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import io.holdfast.proto.wire.v1.SpaceByHost;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.StoredPack;
import io.holdfast.proto.wire.v1.TestedChannel;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyFault;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyProgress;
import io.holdfast.proto.wire.v1.VerifyRequest;
import io.holdfast.proto.wire.v1.VerifyResult;
import io.holdfast.proto.wire.v1.WriteCheckpointAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminCommandsTest extends CommandLineFixture {
  private static final StatusAnswer STATUS =
      StatusAnswer.newBuilder()
          .setVersion("0.1.0")
          .setFleet(ByteString.fromHex("0102030405060708"))
          .setLeader(true)
          .setAuthority(Authority.newBuilder().setTerm(3).setSeq(1_234))
          .setStartedMillis(Samples.MILLIS)
          .setHosts(12)
          .setVault("directory:/srv/vault")
          .setVaultStoredBytes(3L << 30)
          .addWarnings("host db1 was last backed up 9 days ago")
          .build();

  @Test
  void shouldShowStatusToPeople() {
    admin().script(STATUS);
    String out = runWell("status");
    assertTrue(out.contains("leader              yes\n"), out);
    assertTrue(out.contains("started             2026-01-02 03:04:05\n"), out);
    assertTrue(out.contains("fleet               0102030405\n"), out);
    assertTrue(out.contains("vault stored        3.0 GiB\n"), out);
    assertTrue(out.endsWith("warnings:\n  host db1 was last backed up 9 days ago\n"), out);
  }

  @Test
  void shouldShowStatusToPrograms() {
    admin().script(STATUS);
    JsonNode status = run("--json", "status").json().getFirst();
    assertEquals("status", status.get("message_type").textValue());
    assertEquals("2026-01-02T03:04:05.678Z", status.get("started").textValue());
    assertEquals("0102030405060708", status.get("fleet").textValue());
    assertEquals(3L << 30, status.get("vault_stored_bytes").longValue());
    assertEquals(1_234, status.get("journal_seq").longValue());
    assertTrue(status.get("leader").booleanValue());
    assertEquals(1, status.get("warnings").size());
  }

  @Test
  void statusShouldOpenWithAlarmsAndEndWithTheirCode() {
    Alarm overdue =
        Alarm.newBuilder()
            .setKind("host_overdue")
            .setSeverity(AlarmSeverity.ALARM_SEVERITY_ALARM)
            .setSinceMillis(Samples.MILLIS)
            .setSummary("db1 is overdue\u001b[2J")
            .setNextStep("see holdfast job ls db1")
            .setHostName("db1")
            .setPolicy("nightly")
            .build();
    Alarm room =
        Alarm.newBuilder()
            .setKind("vault_room")
            .setSeverity(AlarmSeverity.ALARM_SEVERITY_WARNING)
            .setSinceMillis(Samples.MILLIS)
            .setSummary("the vault has little room")
            .setNextStep("enlarge it")
            .build();
    admin()
        .script(
            STATUS.toBuilder()
                .addAlarms(overdue)
                .addAlarms(room)
                .setAlarmsUp(250)
                .setWarningsUp(1)
                .addWarnings("the vault has little room; enlarge it")
                .setProtection(
                    ProtectionTotals.newBuilder()
                        .setProtected(9)
                        .setOverdue(3)
                        .setRestoresTooSlow(2))
                .build());
    Ended ran = run("status");
    assertEquals(4, ran.code());
    List<String> lines = ran.out().lines().toList();
    assertEquals("ALARM  db1 is overdue\\x1b[2J (since 2026-01-02 03:04:05)", lines.get(0));
    assertEquals("  next: see holdfast job ls db1", lines.get(1));
    assertTrue(lines.get(2).startsWith("warning  the vault has little room"), lines.get(2));
    assertEquals("and 249 more: holdfast host ls", lines.get(4));
    assertTrue(ran.out().contains("protected 9, awaited 0, overdue 3"), ran.out());
    assertTrue(ran.out().endsWith("warnings:\n  host db1 was last backed up 9 days ago\n"));
    JsonNode json = run("--json", "status").json().getFirst();
    assertEquals("host_overdue", json.get("alarms").get(0).get("kind").textValue());
    assertEquals("alarm", json.get("alarms").get(0).get("severity").textValue());
    assertEquals(250, json.get("alarms_up").longValue());
    assertEquals(2, json.get("warnings").size());
    assertEquals(3, json.get("protection").get("overdue").longValue());
    assertEquals(2, json.get("protection").get("restores_too_slow").longValue());
  }

  @Test
  void shouldTestNotifications() {
    TestedChannel webhook =
        TestedChannel.newBuilder().setChannel("webhook").setTarget("https://a.example").build();
    admin().script(webhook);
    assertTrue(runWell("notify", "test").contains("https://a.example"));
    TestedChannel mail =
        TestedChannel.newBuilder()
            .setChannel("mail")
            .setTarget("ops@a.example")
            .setError(ErrorDetail.newBuilder().setCode(737).setMessage("it took no mail"))
            .build();
    admin().script(webhook, mail);
    Ended ran = run("notify", "test");
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("FAILED: it took no mail"), ran.out());
    assertEquals(
        737, run("--json", "notify", "test").json().get(1).get("error_number").longValue());
  }

  @Test
  void shouldTakeGlobalOptionsAfterTheCommandToo() {
    admin().script(STATUS);
    assertEquals(run("--json", "status"), run("status", "--json"));
  }

  @Test
  void shouldListHosts() {
    Host web =
        Host.newBuilder()
            .setName("web1")
            .setConnected(true)
            .setSnapshots(3)
            .setProtection(Protection.PROTECTION_OVERDUE)
            .setProtectionSinceMillis(Samples.MILLIS)
            .build();
    Host hostile =
        Host.newBuilder()
            .setName("evil\u001b[2J")
            .setRevoked(true)
            .setLastBackupMillis(Samples.MILLIS)
            .setFacts(HostFacts.newBuilder().setOperatingSystem("Linux").putLabels("a", "b"))
            .build();
    admin().script(web, hostile);
    List<String> lines = runWell("host", "ls").lines().toList();
    assertTrue(lines.get(0).startsWith("HOST"), lines.get(0));
    assertTrue(lines.get(1).contains("web1") && lines.get(1).contains("connected  OVERDUE"));
    assertTrue(lines.get(2).contains("evil\\x1b[2J"), lines.get(2));
    assertTrue(lines.get(2).contains("revoked") && lines.get(2).contains("2026-01-02 03:04:05"));
    List<JsonNode> json = run("host", "list", "--json").json();
    assertEquals("evil\u001b[2J", json.get(1).get("name").textValue());
    assertEquals("b", json.get(1).get("labels").get("a").textValue());
    assertFalse(json.get(0).has("last_backup"));
  }

  @Test
  void shouldRevokeHost() {
    admin().script(RevokeHostAnswer.newBuilder().setHost(Samples.JOB).build());
    assertEquals("revoked  0102030405\n", runWell("host", "revoke", "web1"));
    assertEquals("web1", admin().request(RevokeHostRequest.class).getHost());
  }

  @Test
  void shouldPrintTokenAloneAndSayTheRestBesideIt() {
    admin().script(token());
    Ended ended =
        run("token", "create", "--host-name", "web1", "--valid", "90s", "--address", "b:1");
    assertEquals("hf1-secret\n", ended.out());
    assertTrue(ended.err().contains("until 2026-01-02 03:04:05"), ended.err());
    assertEquals(
        CreateTokenRequest.newBuilder()
            .setHostName("web1")
            .setValidSeconds(90)
            .addAddresses("b:1")
            .build(),
        admin().request(CreateTokenRequest.class));
  }

  @Test
  void shouldWriteTokenToPrivateFileAndRefuseToOverwrite() throws IOException {
    admin().script(token());
    Path file = dir.resolve("token");
    Ended ended = run("token", "create", "--out", file.toString());
    assertFalse(ended.toString().contains("secret"), ended::toString);
    assertEquals("hf1-secret\n", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Ended again = run("token", "create", "--out", file.toString());
    assertEquals(1, again.code());
    assertTrue(again.err().contains("exists already and isn't overwritten"), again.err());
    assertEquals(1, admin().requests().size(), "no second token was made");
  }

  private static CreateTokenAnswer token() {
    return CreateTokenAnswer.newBuilder()
        .setToken("hf1-secret")
        .setExpiresMillis(Samples.MILLIS)
        .build();
  }

  @Test
  void shouldListAndShowSnapshots() {
    admin().script(Samples.SNAPSHOT);
    String list = runWell("snapshot", "ls", "web1", "--limit", "5");
    assertTrue(list.contains("3fa1b2c4d5  web1  2026-01-02 03:04:05  complete  proven"), list);
    assertTrue(list.contains("12,345  3.0 GiB  12 MiB  /etc"), list);
    assertEquals(
        ListSnapshotsRequest.newBuilder().setHost("web1").setLimit(5).setBundled(true).build(),
        admin().request(ListSnapshotsRequest.class));
    JsonNode shown = run("snapshot", "show", "latest:web1", "--json").json().getFirst();
    assertEquals(64, shown.get("snapshot").textValue().length());
    assertEquals(12.5, shown.get("duration").doubleValue());
    assertEquals("/etc", shown.get("sources").get(0).textValue());
    JsonNode proof = shown.get("proof");
    assertEquals("proven", proof.get("level").textValue());
    assertEquals("bb".repeat(16), proof.get("coordinator").textValue());
    assertEquals(3, proof.get("term").intValue());
    assertEquals(1_234, proof.get("journal_seq").intValue());
    assertEquals(
        "latest:web1", admin().request(io.holdfast.proto.wire.v1.SnapshotName.class).getSnapshot());
    String text = runWell("snapshot", "show", "latest:web1");
    assertTrue(
        text.contains(
            "level proven, time 2026-01-02 03:04:05, coordinator bbbbbbbbbb, term 3, journal seq"
                + " 1,234\n"),
        text);
  }

  @Test
  void shouldListWhatComesInOneAnswer() {
    admin().script(Samples.SNAPSHOT.toBuilder().addFollowers(Samples.SNAPSHOT).build());
    assertEquals(2, run("snapshot", "ls", "--json").json().size());
  }

  @Test
  void shouldPrintHostileFileNamesOnOneLineAndExactlyAsJson() {
    ByteString name = ByteString.copyFrom(new byte[] {'a', '\n', (byte) 0xff, '\\'});
    File link =
        Samples.file("etc/l").toBuilder()
            .setType(3)
            .setMode(0777)
            .setLinkTarget(ByteString.copyFromUtf8("../\u202etarget"))
            .build();
    File gap = Samples.file("etc/shadow").toBuilder().setGap(1).setMode(06755).build();
    admin().script(Samples.file(name), link, gap);
    List<String> lines = runWell("snapshot", "files", "3fa1", "/etc/", "-r").lines().toList();
    assertEquals(
        "-rw-r--r--   1000    100   1.2 KiB 2026-01-02 03:04:05  a\\x0a\\xff\\\\", lines.get(0));
    assertTrue(lines.get(1).endsWith("etc/l -> ../\\xe2\\x80\\xaetarget"), lines.get(1));
    assertTrue(lines.get(1).startsWith("lrwxrwxrwx"), lines.get(1));
    assertTrue(lines.get(2).startsWith("-rwsr-sr-x"), lines.get(2));
    assertTrue(lines.get(2).endsWith("etc/shadow  [unreadable]"), lines.get(2));
    assertEquals(
        ListFilesRequest.newBuilder()
            .setSnapshot("3fa1")
            .setPath(ByteString.copyFromUtf8("etc"))
            .setRecursive(true)
            .build(),
        admin().request(ListFilesRequest.class));
    JsonNode json = run("snapshot", "files", "3fa1", "/", "--json").json().getFirst();
    assertEquals("a\n\ufffd\\", json.get("path").textValue());
    assertEquals("YQr/XA==", json.get("path_base64").textValue());
    assertEquals("0644", json.get("mode").textValue());
  }

  @Test
  void shouldTakePathsAsListingsPrintThem() {
    runWell("snapshot", "files", "s", "a\\x0a\\xff\\\\", "--escaped");
    assertEquals(
        ByteString.copyFrom(new byte[] {'a', '\n', (byte) 0xff, '\\'}),
        admin().request(ListFilesRequest.class).getPath());
  }

  @Test
  void shouldRefusePathsThatLeadOutOfTheSnapshot() {
    for (String path : List.of("../x", "a/../b", "a//b", "./a")) {
      Ended ended = run("snapshot", "files", "s", path);
      assertEquals(2, ended.code(), path);
      assertTrue(ended.err().contains("isn't a path inside a snapshot"), ended.err());
    }
  }

  @Test
  void shouldListWhatWasBackedUpUnlessToldWhere() {
    admin().script(Samples.SNAPSHOT);
    admin().script(Samples.file("etc/hosts"));
    runWell("snapshot", "files", "latest");
    assertEquals(
        Samples.SNAPSHOT.getSourcesList().stream()
            .map(source -> Samples.SNAPSHOT_HEX + " " + Selection.strip(source).toStringUtf8())
            .toList(),
        admin().requests().stream()
            .filter(ListFilesRequest.class::isInstance)
            .map(ListFilesRequest.class::cast)
            .map(asked -> asked.getSnapshot() + " " + asked.getPath().toStringUtf8())
            .toList());
  }

  @Test
  void shouldFindInEveryHostUnlessToldWhere() {
    List<String> hosts = List.of("aa".repeat(16), "bb".repeat(16));
    admin()
        .script(
            Host.newBuilder().setHost(ByteString.fromHex(hosts.get(0))).build(),
            Host.newBuilder().setHost(ByteString.fromHex(hosts.get(1))).build());
    runWell("snapshot", "find", "hosts");
    assertEquals(
        hosts,
        admin().requests().stream()
            .filter(FindFilesRequest.class::isInstance)
            .map(asked -> ((FindFilesRequest) asked).getHost())
            .toList());
  }

  @Test
  void shouldFindFiles() {
    admin()
        .script(
            FoundFile.newBuilder()
                .setSnapshot(Samples.SNAPSHOT_ID)
                .setTimeMillis(Samples.MILLIS)
                .setFile(Samples.file("etc/hosts"))
                .build());
    String out = runWell("snapshot", "find", "**/hosts", "--host", "web1", "--limit", "9");
    assertTrue(out.startsWith("3fa1b2c4d5  -rw-r--r--"), out);
    assertEquals(
        FindFilesRequest.newBuilder().setPattern("**/hosts").setHost("web1").setLimit(9).build(),
        admin().request(FindFilesRequest.class));
  }

  @Test
  void shouldShowDifferences() {
    File file = Samples.file("etc/hosts");
    admin()
        .script(
            Difference.newBuilder()
                .setKind(DifferenceKind.DIFFERENCE_KIND_ADDED)
                .setTo(file)
                .build(),
            Difference.newBuilder()
                .setKind(DifferenceKind.DIFFERENCE_KIND_REMOVED)
                .setFrom(file)
                .build(),
            Difference.newBuilder()
                .setKind(DifferenceKind.DIFFERENCE_KIND_CONTENT)
                .setFrom(file)
                .setTo(file)
                .build());
    assertEquals(
        "+ etc/hosts\n- etc/hosts\nM etc/hosts\n",
        runWell("snapshot", "diff", "latest:web1", "web1@2026-01-01", "/etc"));
    assertEquals(
        DiffSnapshotsRequest.newBuilder()
            .setFrom("latest:web1")
            .setTo("web1@2026-01-01T23:59:59.999Z")
            .setPath(ByteString.copyFromUtf8("etc"))
            .build(),
        admin().request(DiffSnapshotsRequest.class));
    JsonNode content = run("snapshot", "diff", "a", "b", "--json").json().getLast();
    assertEquals("content", content.get("change").textValue());
    assertEquals(1_234, content.get("from").get("size").longValue());
  }

  @Test
  void shouldShowVaultStats() {
    admin().script(VaultStatsAnswer.newBuilder().setPacks(1_000).setStoredBytes(5).build());
    String out = runWell("vault", "stats");
    assertTrue(out.contains("packs            1,000\n"), out);
    assertTrue(out.contains("stored           5 B\n"), out);
    assertFalse(out.contains("last"), out);
  }

  @Test
  void shouldShowWhoReadTheVaultLast() {
    admin()
        .script(
            VaultStatsAnswer.newBuilder()
                .setOldestPack(Samples.JOB)
                .setOldestReading(Samples.statement(VerifyLevel.VERIFY_LEVEL_UNSPECIFIED))
                .setLastChecked(Samples.statement(VerifyLevel.VERIFY_LEVEL_CHECKED))
                .build());
    JsonNode stats = run("vault", "stats", "--json").json().getFirst();
    assertEquals("0102030405060708090a0b0c0d0e0f10", stats.get("oldest_pack").textValue());
    assertEquals("written", stats.get("oldest_reading").get("level").textValue());
    assertEquals("checked", stats.get("last_checked").get("level").textValue());
    assertFalse(stats.has("last_proven"));
  }

  @Test
  void shouldListPacksWithWhoReadThem() {
    StoredPack pack =
        StoredPack.newBuilder()
            .setPack(Samples.JOB)
            .setSize(16 << 20)
            .setEntries(1_000)
            .setChecked(999)
            .setProven(7)
            .setLost(1)
            .setReading(Samples.statement(VerifyLevel.VERIFY_LEVEL_CHECKED))
            .build();
    admin().script(pack);
    String out = runWell("vault", "packs", "--limit", "3");
    assertTrue(
        out.contains(
            "0102030405  16 MiB  1,000    999      7       1     checked  2026-01-02 03:04:05"
                + "  bbbbbbbbbb   3     1,234"),
        out);
    assertEquals(3, admin().request(ListPacksRequest.class).getLimit());
    JsonNode json = run("vault", "packs", "--json").json().getFirst();
    assertEquals("pack", json.get("message_type").textValue());
    assertEquals("bb".repeat(16), json.get("coordinator").textValue());
    assertEquals(16 << 20, json.get("size_bytes").intValue());
  }

  @Test
  void shouldShowWhatHostsShareAndWhoHoldsMost() {
    SpaceByHost.Builder space =
        SpaceByHost.newBuilder()
            .setMeasuredMillis(Samples.MILLIS)
            .setLiveBytes(161)
            .setSharedBytes(50)
            .setUnreferencedBytes(1)
            .setOtherHosts(3)
            .setOtherOwnBytes(5);
    for (int host = 0; host < 15; host++) {
      space.addHosts(HostSpace.newBuilder().setName("web" + host).setOwnBytes(14 - host));
    }
    admin().script(VaultStatsAnswer.newBuilder().setSpace(space).build());
    String out = runWell("vault", "stats");
    assertTrue(out.contains("\nmeasured live        161 B\nown                  110 B\n"), out);
    assertTrue(out.contains("\nshared               50 B\nunreferenced         1 B\n"), out);
    assertTrue(out.contains("\nown by host:\n  name web0, own 14 B\n  name web1, own 13 B\n"), out);
    assertFalse(out.contains("web10"), out);
    assertTrue(out.endsWith("\nother hosts          8\nother own            15 B\n"), out);

    JsonNode most = run("vault", "stats", "--hosts", "1", "--json").json().getFirst();
    assertEquals(1, most.get("own_by_host").size());
    assertEquals("web0", most.get("own_by_host").get(0).get("name").textValue());
    assertEquals(14, most.get("own_by_host").get(0).get("own_bytes").longValue());
    assertEquals(17, most.get("other_hosts").longValue());
    assertEquals(96, most.get("other_own_bytes").longValue());
  }

  @Test
  void shouldWriteCheckpoint() {
    admin().script(WriteCheckpointAnswer.newBuilder().setSeq(77).build());
    assertEquals("checkpoint seq  77\n", runWell("catalog", "checkpoint"));
    Duration patience = admin().patience();
    assertTrue(patience.compareTo(Duration.ofMinutes(59)) > 0, "a large one takes " + patience);
  }

  @Test
  void shouldExportKeysToPrivateFileOrPrintThem() throws IOException {
    admin().script(ExportKeysAnswer.newBuilder().setKit("BEGIN\nEND\n").build());
    Path file = dir.resolve("kit.txt");
    assertEquals("kit  " + file + "\n", runWell("key", "export", "--out", file.toString()));
    assertEquals("BEGIN\nEND\n", Files.readString(file));
    assertEquals("BEGIN\nEND\n", runWell("key", "export", "--out", "-"));
  }

  @Test
  void shouldEndWellWhenVerifyFindsNothing() {
    admin()
        .script(
            VerifyEvent.newBuilder()
                .setProgress(VerifyProgress.newBuilder().setBytes(5).setBytesExpected(10))
                .build(),
            VerifyEvent.newBuilder()
                .setResult(VerifyResult.newBuilder().setChunks(1_000).setPacks(3).setBytes(10))
                .build());
    Ended ended = run("verify", "latest", "--level", "checked");
    assertEquals(0, ended.code(), ended.err());
    assertEquals("no damage in 1,000 chunks of 3 packs, 10 B read, for 0 snapshots\n", ended.out());
    assertTrue(ended.err().startsWith("verifying: 5 B of 10 B"), ended.err());
    assertEquals(
        VerifyRequest.newBuilder()
            .setSnapshot("latest")
            .setLevel(VerifyLevel.VERIFY_LEVEL_CHECKED)
            .build(),
        admin().request(VerifyRequest.class));
  }

  @Test
  void shouldSayInWhichRecordAVerificationIs() {
    admin()
        .script(
            VerifyEvent.newBuilder()
                .setResult(
                    VerifyResult.newBuilder()
                        .setStatement(Samples.statement(VerifyLevel.VERIFY_LEVEL_PROVEN)))
                .build());
    Ended ended = run("verify");
    assertTrue(
        ended
            .out()
            .endsWith(
                "recorded as proven at 2026-01-02 03:04:05 by coordinator bbbbbbbbbb in term 3:"
                    + " record 1,234 of the journal\n"),
        ended.out());
    JsonNode summary = run("verify", "--json").json().getLast();
    assertEquals(1_234, summary.get("statement").get("journal_seq").intValue());
  }

  @Test
  void shouldFailAndNameWhatIsDamagedWhenVerifyFindsIt() {
    admin()
        .script(
            VerifyEvent.newBuilder()
                .setFault(
                    VerifyFault.newBuilder()
                        .setPack(Samples.JOB)
                        .setOffset(4_711)
                        .setKind(ChunkKind.CHUNK_KIND_PAGE)
                        .setId(Samples.SNAPSHOT_ID)
                        .setError(ErrorDetail.newBuilder().setCode(304).setMessage("bad tag"))
                        .addFiles(Samples.file("etc/hosts")))
                .build(),
            VerifyEvent.newBuilder().setResult(VerifyResult.newBuilder().setFaults(1)).build());
    Ended ended = run("verify");
    assertEquals(1, ended.code());
    assertTrue(
        ended
            .out()
            .startsWith(
                "DAMAGED pack 0102030405060708090a0b0c0d0e0f10 offset 4711: page chunk 3fa1b2c4d5:"
                    + " bad tag\n  needed by etc/hosts\n1 DAMAGED in"),
        ended.out());
    Ended json = run("verify", "--json");
    assertEquals(1, json.code());
    assertEquals("fault", json.json().getFirst().get("message_type").textValue());
    assertEquals(1, json.json().getLast().get("faults").intValue());
  }
}
