package io.holdfast.coordinator.fleet;

import java.util.Map;
import java.util.Set;

/**
 * Which role may make which call on the fleet's network port. What isn't in the table, nobody may.
 * That a host acts only on what is its own is each service's to see to: it takes the host's id from
 * the certificate and never from a message.
 */
public final class CallPolicy {
  /** Who calls, as far as a certificate can say. */
  public enum Role {
    /** No certificate was shown. */
    STRANGER,
    HOST,
    OPERATOR,
    COORDINATOR
  }

  private static final String PACKAGE = "holdfast.wire.v1.";
  private static final Set<Role> ANY_HOST = Set.of(Role.HOST);
  private static final Set<Role> OPERATORS = Set.of(Role.OPERATOR);

  private static final Map<String, Set<Role>> ALLOWED =
      Map.ofEntries(
          Map.entry("Enrolment/Enrol", Set.of(Role.STRANGER)),
          Map.entry("Enrolment/Renew", ANY_HOST),
          Map.entry("Control/Connect", ANY_HOST),
          Map.entry("Backup/Session", ANY_HOST),
          Map.entry("Read/Session", ANY_HOST),
          Map.entry("Admin/Status", OPERATORS),
          Map.entry("Admin/ListHosts", OPERATORS),
          Map.entry("Admin/CreateToken", OPERATORS),
          Map.entry("Admin/RevokeHost", OPERATORS),
          Map.entry("Admin/StartBackup", OPERATORS),
          Map.entry("Admin/StartRestore", OPERATORS),
          Map.entry("Admin/CancelJob", OPERATORS),
          Map.entry("Admin/ListJobs", OPERATORS),
          Map.entry("Admin/ShowJob", OPERATORS),
          Map.entry("Admin/WatchJob", OPERATORS),
          Map.entry("Admin/ApplyPolicies", OPERATORS),
          Map.entry("Admin/DeletePolicy", OPERATORS),
          Map.entry("Admin/ListPolicies", OPERATORS),
          Map.entry("Admin/ShowPolicy", OPERATORS),
          Map.entry("Admin/PlanRestore", OPERATORS),
          Map.entry("Admin/SetHostQuota", OPERATORS),
          Map.entry("Admin/SetDraining", OPERATORS),
          Map.entry("Admin/ReadJobLog", OPERATORS),
          Map.entry("Admin/PreviewPolicies", OPERATORS),
          Map.entry("Admin/ListSnapshots", OPERATORS),
          Map.entry("Admin/ShowSnapshot", OPERATORS),
          Map.entry("Admin/ListFiles", OPERATORS),
          Map.entry("Admin/FindFiles", OPERATORS),
          Map.entry("Admin/DiffSnapshots", OPERATORS),
          Map.entry("Admin/Verify", OPERATORS),
          Map.entry("Admin/VaultStats", OPERATORS),
          Map.entry("Admin/WriteCheckpoint", OPERATORS),
          Map.entry("Admin/ExportKeys", OPERATORS),
          Map.entry("Admin/TestNotifications", OPERATORS));

  private CallPolicy() {}

  /** Roles that may call {@code method}, such as {@code holdfast.wire.v1.Control/Connect}. */
  public static Set<Role> allowed(String method) {
    return method.startsWith(PACKAGE)
        ? ALLOWED.getOrDefault(method.substring(PACKAGE.length()), Set.of())
        : Set.of();
  }
}
