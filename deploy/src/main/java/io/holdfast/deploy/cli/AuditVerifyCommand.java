package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.VerifyAuditResult;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;

@Command(
    name = "verify",
    description = {
      "Read the journal again, and say what range it vouches for: every record's signature, that"
          + " each follows the one before it, and that what is sealed opens."
    })
final class AuditVerifyCommand extends AdminCommand {
  AuditVerifyCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    AtomicReference<VerifyAuditResult> result = new AtomicReference<>();
    link.audit()
        .verify(event -> {
          if (event.hasResult()) {
            result.set(event.getResult());
          }
        });
    if (result.get() == null) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the coordinator stopped reporting before it had read everything: look at its log, and"
              + " run the command again");
    }
    output.result("audit_verify", fields(result.get()));
    return ExitCode.OK;
  }

  private static Fields fields(VerifyAuditResult result) {
    return new Fields()
        .count("first_seq", result.getFirstSeq())
        .time("first_time", result.getFirstMillis())
        .count("last_seq", result.getLastSeq())
        .time("last_time", result.getLastMillis())
        .id("last_record_hash", result.getLastRecordHash())
        .id("root_sha256", result.getRootSha256())
        .count("records", result.getRecords())
        .count("void_slots", result.getVoids())
        .count("terms", result.getTerms())
        .count("rollbacks", result.getRollbacks())
        .count("sealed_parts", result.getSealedParts())
        .count("entries", result.getEntries());
  }
}
