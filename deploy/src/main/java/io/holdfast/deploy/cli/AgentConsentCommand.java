package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "consent",
    description = {
      "Agree to a restore over files where they were, which waits for that on this host"
          + " (restore.consent in agent.yaml); without JOB list what waits."
    })
final class AgentConsentCommand extends LocalCommand {
  @Parameters(
      paramLabel = "JOB",
      arity = "0..1",
      defaultValue = "",
      description = "Its id (default: list what waits).")
  private String job;

  @Option(names = "--refuse", description = "Refuse it instead.")
  private boolean refuse;

  @Mixin private AgentDataDir dataDir;

  AgentConsentCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, dataDir.overrides()).value();
    if (job.isEmpty()) {
      list(local, config, output);
    } else {
      local.answerConsent(config, job, !refuse);
      output.result("consent", new Fields().text("job", job).flag("agreed", !refuse));
    }
    return ExitCode.OK;
  }

  private static void list(LocalOperations local, AgentConfig config, Output output) {
    try (Rows rows = output.rows("consent_asked", List.of("job", "question"))) {
      local
          .askedConsents(config)
          .forEach(each ->
              rows.add(new Fields().text("job", each.job()).text("question", each.question())));
      rows.noteIfEmpty("Nothing waits for consent.");
    }
  }
}
