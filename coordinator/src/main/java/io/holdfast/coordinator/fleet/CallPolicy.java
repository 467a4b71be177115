package io.holdfast.coordinator.fleet;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which role may make which call: the one table, for all ports and the local socket. What isn't in
 * it, nobody may. That a host acts only on what is its own is each service's to see to: it takes
 * the host's id from the certificate and never from a message; and so is what a person may do to
 * his own tokens only.
 */
public final class CallPolicy {
  /** Who calls: by a certificate on the fleet's port, by a token or the socket as a person. */
  public enum Role {
    /** No certificate was shown. */
    STRANGER,
    HOST,
    /** A host that is of another repository by now: it reads what it stored here. */
    MOVED_HOST,
    COORDINATOR,
    /** Sees how the fleet is, and not what is in its backups. */
    VIEWER,
    /** Backs up, restores, enrols hosts. */
    OPERATOR,
    /** Decides about policies, keys, hosts to be locked out, and people. */
    ADMIN
  }

  private static final String PACKAGE = "holdfast.wire.v1.";
  private static final Set<Role> ANY_HOST = Set.of(Role.HOST);
  private static final Set<Role> HOST_OR_MOVED = Set.of(Role.HOST, Role.MOVED_HOST);
  private static final Set<Role> VIEWERS = Set.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN);
  private static final Set<Role> OPERATORS = Set.of(Role.OPERATOR, Role.ADMIN);
  private static final Set<Role> ADMINS = Set.of(Role.ADMIN);

  private static final Map<String, Set<Role>> ALLOWED =
      Map.ofEntries(
          Map.entry("Enrolment/Enrol", Set.of(Role.STRANGER)),
          Map.entry("Enrolment/Renew", HOST_OR_MOVED),
          Map.entry("Enrolment/FetchKeys", HOST_OR_MOVED),
          Map.entry("Enrolment/BeginMove", ANY_HOST),
          Map.entry("Enrolment/CompleteMove", HOST_OR_MOVED),
          Map.entry("Enrolment/SealKeys", ANY_HOST),
          Map.entry("Control/Connect", ANY_HOST),
          Map.entry("Backup/Session", ANY_HOST),
          Map.entry("Read/Session", HOST_OR_MOVED),
          Map.entry("Admin/Status", VIEWERS),
          Map.entry("Admin/ListHosts", VIEWERS),
          Map.entry("Admin/CreateToken", OPERATORS),
          Map.entry("Admin/RevokeHost", ADMINS),
          Map.entry("Admin/RenameHost", OPERATORS),
          Map.entry("Admin/LabelHost", ADMINS),
          Map.entry("Admin/TakeHostFacts", ADMINS),
          Map.entry("Admin/DecommissionHost", ADMINS),
          Map.entry("Admin/ReplaceHost", ADMINS),
          Map.entry("Admin/MoveHost", ADMINS),
          Map.entry("Admin/StartBackup", OPERATORS),
          Map.entry("Admin/StartRestore", OPERATORS),
          Map.entry("Admin/CancelJob", OPERATORS),
          Map.entry("Admin/ListJobs", VIEWERS),
          Map.entry("Admin/ShowJob", VIEWERS),
          Map.entry("Admin/WatchJob", VIEWERS),
          Map.entry("Admin/ApplyPolicies", ADMINS),
          Map.entry("Admin/DeletePolicy", ADMINS),
          Map.entry("Admin/ListPolicies", VIEWERS),
          Map.entry("Admin/ShowPolicy", VIEWERS),
          Map.entry("Admin/ListSnapshots", VIEWERS),
          Map.entry("Admin/ShowSnapshot", VIEWERS),
          Map.entry("Admin/PlanRestore", OPERATORS),
          Map.entry("Admin/SetHostQuota", ADMINS),
          Map.entry("Admin/SetDraining", OPERATORS),
          Map.entry("Admin/ReadJobLog", VIEWERS),
          Map.entry("Admin/PreviewPolicies", VIEWERS),
          Map.entry("Admin/PreviewDataClasses", VIEWERS),
          Map.entry("Admin/DeleteSnapshots", OPERATORS),
          Map.entry("Admin/UndeleteSnapshots", OPERATORS),
          Map.entry("Admin/SetHold", OPERATORS),
          Map.entry("Admin/ReleaseHold", OPERATORS),
          Map.entry("Admin/ListHolds", VIEWERS),
          Map.entry("Admin/PlanRetention", VIEWERS),
          Map.entry("Admin/PlanSweep", VIEWERS),
          Map.entry("Admin/SweepStatus", VIEWERS),
          Map.entry("Admin/RunSweep", ADMINS),
          Map.entry("Admin/ApproveSweep", ADMINS),
          Map.entry("Admin/RunRetention", OPERATORS),
          Map.entry("Admin/ApproveRetention", ADMINS),
          Map.entry("Admin/ShowClock", VIEWERS),
          Map.entry("Admin/ConfirmClock", ADMINS),
          Map.entry("Admin/ListFiles", OPERATORS),
          Map.entry("Admin/FindFiles", OPERATORS),
          Map.entry("Admin/DiffSnapshots", OPERATORS),
          Map.entry("Admin/Verify", OPERATORS),
          Map.entry("Admin/VaultStats", VIEWERS),
          Map.entry("Admin/ListPacks", VIEWERS),
          Map.entry("Admin/WriteCheckpoint", OPERATORS),
          Map.entry("Admin/TestNotifications", OPERATORS),
          Map.entry("Admin/ExportKeys", ADMINS),
          Map.entry("Keys/EraseHost", ADMINS),
          Map.entry("Keys/RotateIds", ADMINS),
          Map.entry("Keys/FetchSealedKeys", OPERATORS),
          Map.entry("Keys/RequestIssuingCa", ADMINS),
          Map.entry("Keys/InstallIssuingCa", ADMINS),
          Map.entry("Keys/InstallRoot", ADMINS),
          Map.entry("Keys/ListRoots", ADMINS),
          Map.entry("Keys/RetireRoot", ADMINS),
          Map.entry("Keys/RotateMaster", ADMINS),
          Map.entry("Keys/ListSealedKeys", ADMINS),
          Map.entry("Keys/PutResealedKeys", ADMINS),
          Map.entry("People/WhoAmI", VIEWERS),
          Map.entry("People/ListPeople", OPERATORS),
          Map.entry("People/AddPerson", ADMINS),
          Map.entry("People/SetRole", ADMINS),
          Map.entry("People/RemovePerson", ADMINS),
          Map.entry("People/ListAccessTokens", VIEWERS),
          Map.entry("People/CreateAccessToken", ADMINS),
          Map.entry("People/RevokeAccessToken", VIEWERS),
          Map.entry("People/ListApprovals", OPERATORS),
          Map.entry("People/ShowApproval", OPERATORS),
          Map.entry("People/GiveApproval", OPERATORS),
          Map.entry("People/RefuseApproval", OPERATORS),
          Map.entry("People/ShowApprovalRule", VIEWERS),
          Map.entry("People/SetApprovalRule", ADMINS),
          Map.entry("AuditLog/ListAudit", OPERATORS),
          Map.entry("AuditLog/VerifyAudit", OPERATORS));

  private CallPolicy() {}

  /** Roles that may call {@code method}, such as {@code holdfast.wire.v1.Control/Connect}. */
  public static Set<Role> allowed(String method) {
    return method.startsWith(PACKAGE)
        ? ALLOWED.getOrDefault(method.substring(PACKAGE.length()), Set.of())
        : Set.of();
  }

  /** The calls, without their package, that {@code role} may make; in order. */
  public static List<String> callsOf(Role role) {
    return ALLOWED.entrySet().stream()
        .filter(line -> line.getValue().contains(role))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
