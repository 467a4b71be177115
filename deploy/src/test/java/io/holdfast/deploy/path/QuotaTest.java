package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.Alarm;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.SetHostQuotaRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that has filled its share of the vault. */
class QuotaTest {
  private static final long UNLIMITED = -1;

  @TempDir Path directory;

  private static void quota(Fleet fleet, long bytes) {
    try (AdminLink admin = fleet.admin()) {
      admin.setHostQuota(SetHostQuotaRequest.newBuilder().setHost("alpha").setBytes(bytes).build());
    }
  }

  private static Host listed(Fleet fleet) {
    List<Host> hosts = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.hosts(hosts::add);
    }
    return hosts.stream().filter(host -> host.getName().equals("alpha")).findFirst().orElseThrow();
  }

  /** Of what somebody has to do about hosts' quotas. */
  private static List<String> alarms(Fleet fleet) {
    try (AdminLink admin = fleet.admin()) {
      return admin.status().getAlarmsList().stream()
          .map(Alarm::getKind)
          .filter(kind -> kind.equals("host_quota"))
          .toList();
    }
  }

  @Test
  void shouldTakeNothingMoreAndLoseNothing() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    FileTree tree =
        FileTree.empty().file("noise", BackupAndRestoreTest.noise(5 << 20, 1)).writeTo(source);
    try (Fleet fleet = Fleet.found(directory.resolve("fleet"));
        ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      BackupResult first = alpha.backup(source);
      long stored = listed(fleet).getStoredBytes();
      assertTrue(stored > 5 << 20 && stored < 6 << 20, stored + " bytes");
      quota(fleet, 4 << 20);
      assertEquals(4 << 20, listed(fleet).getQuotaBytes());
      assertEquals(List.of("host_quota"), alarms(fleet));
      HoldfastException refused = assertThrows(HoldfastException.class, () -> alpha.backup(source));
      assertEquals(ErrorCode.QUOTA_EXCEEDED, refused.code());
      assertTrue(refused.getMessage().contains("holdfast host quota"), refused.getMessage());
      assertTrue(beta.backup(source).isComplete(), "another host's quota is its own");
      Path target = directory.resolve("target");
      RestoreResult restored = alpha.restore(first.snapshot(), target, RestorePlan.EVERYTHING);
      assertEquals(List.of(), restored.findings().failures());
      assertEquals(
          List.of(),
          tree.differences(FileTree.read(target.resolve(source.toString().substring(1)))));
      quota(fleet, UNLIMITED);
      assertEquals(List.of(), alarms(fleet));
      assertTrue(alpha.backup(source).isComplete());
      assertEquals(0, listed(fleet).getQuotaBytes());
    }
  }
}
