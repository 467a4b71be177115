package io.holdfast.coordinator;

import static io.holdfast.common.architecture.Edge.ANY;
import static io.holdfast.common.architecture.Edge.edge;

import io.holdfast.common.architecture.ArchitectureContract;
import io.holdfast.common.architecture.Edge;
import java.util.List;
import java.util.Set;

/** Who may use whom in the module coordinator, and why. */
class ArchitectureTest implements ArchitectureContract {
  @Override
  public String module() {
    return "coordinator";
  }

  @Override
  public Set<String> usedModules() {
    return Set.of("proto", "common");
  }

  @Override
  public List<Edge> edges() {
    return List.of(
        edge("absence", "alarm", "what hosts lack is an alarm"),
        edge("absence", "policy", "policies promise what is missed"),
        edge("absence", "schedule", "a schedule says until when"),
        edge("absence", "fleet", "hosts are those of the fleet"),
        edge("absence", "catalog", "snapshots and jobs are read from the catalog"),
        edge("absence", "journal", "durations and causes are sealed in records"),
        edge("absence", "proof", "damaged and unproven snapshots don't count"),
        edge("notify", "alarm", "changes of alarms are told"),
        edge("watch", "alarm", "the watch holds the board of alarms"),
        edge("watch", "absence", "it looks who is overdue"),
        edge("watch", "notify", "and has told what became of it"),
        edge("watch", "fleet", "it listens at the fleet's door"),
        edge("watch", "proof", "and to the prover"),
        edge("watch", "ingest", "it looks how much room backups have"),
        edge("watch", "metrics", "and how long certificates last"),
        edge("watch", "catalog", "last runs are read from the catalog"),
        edge("watch", "journal", "causes of failures are sealed in records"),
        edge("metrics", "absence", "gauges show how hosts are protected"),
        edge("metrics", "alarm", "and which alarms are up"),
        edge("metrics", "notify", "the meter of notifications is implemented where all are"),
        edge("rpc", "watch", "operators' calls about alarms end in the watch"),
        edge("rpc", "absence", "hosts are listed with how they are protected"),
        edge("rpc", "alarm", "a status lists alarms"),
        edge("rpc", "notify", "operators try channels out"),
        edge("metrics", "ingest", "the meter of backups is implemented where metrics are named"),
        edge("metrics", "serve", "so is that of reads"),
        edge("metrics", "proof", "and that of proofs"),
        edge("metrics", "fleet", "and that of the fleet's door"),
        edge("ledger", "catalog", "the ledger keeps the catalog at the journal's head"),
        edge("ledger", "journal", "the ledger is the journal's consumer"),
        edge("ledger", "vault", "checkpoints are objects of the vault"),
        edge("metrics", "catalog", "gauges are read from the catalog, whoever leads"),
        edge("metrics", "browse", "a host's newest snapshot is found as people ask for it"),
        edge("metrics", "vault", "the vault tells how much room is left"),
        edge("pack", "vault", "packs are objects of a vault"),
        edge("journal", "vault", "journal slots are created in a vault"),
        edge("catalog", "journal", "the catalog is what applying the journal leaves"),
        edge("pack", "catalog", "footers are found by the rows of registered packs"),
        edge("leadership", "journal", "a term is won by creating its first record"),
        edge("ingest", "pack", "uploads fill open packs"),
        edge("ingest", "catalog", "queries and reference checks read the catalog"),
        edge("ingest", "journal", "packs register and snapshots commit by record"),
        edge("ingest", "leadership", "only the leader of the term commits"),
        edge("serve", "ingest", "lists of references have one form on the wire"),
        edge("serve", "vault", "restores are ranged reads of a vault"),
        edge("serve", "pack", "restores read sealed chunks out of packs"),
        edge("serve", "catalog", "restores find chunks through the catalog"),
        edge("proof", "vault", "a proof re-reads the stored bytes"),
        edge("proof", "pack", "a proof walks a pack by its footer"),
        edge("proof", "catalog", "a proof picks what is due"),
        edge("proof", "journal", "what was proven or lost is a record"),
        edge("proof", "ingest", "a loss is recorded holding the commit path alone"),
        edge("proof", "serve", "pages of snapshots are read as hosts' restores read them"),
        edge("browse", "proof", "snapshots open with recovery keys; an operator verifies"),
        edge("browse", "catalog", "snapshots are found and counted in the catalog"),
        edge("browse", "journal", "names of hosts and sources are sealed in records"),
        edge("browse", "vault", "the vault tells how much room is left"),
        edge("inspect", "catalog", "what the catalog says was written is compared"),
        edge("inspect", "journal", "the journal is read again"),
        edge("inspect", "ledger", "as a rebuild would read it"),
        edge("inspect", "vault", "checkpoints and keys are objects of the vault"),
        edge("policy", "schedule", "a data class has a schedule"),
        edge("policy", "fleet", "policies choose among the fleet's hosts, and are its acts"),
        edge("policy", "catalog", "those in force are read from the catalog"),
        edge("policy", "journal", "each version is a record, its text sealed"),
        edge(
            "people",
            "fleet",
            "what they may call is the fleet's table, and their acts its audits"),
        edge("people", "catalog", "people, tokens and approvals are read from the catalog"),
        edge("people", "journal", "they come and go by record, their names sealed"),
        edge("audit", "catalog", "the catalog knows which records say what people did"),
        edge("audit", "journal", "and the journal has what they say"),
        edge("audit", "ledger", "it is read again as a rebuild would read it"),
        edge("rpc", "people", "a call is somebody's, and may need a second person"),
        edge("rpc", "audit", "people's calls about the audit end in audit"),
        edge("rpc", "journal", "the audit is vouched for up to a slot of the journal"),
        edge("fleet", "journal", "hosts enrol and are revoked by record"),
        edge("fleet", "catalog", "the fleet is listed from the catalog"),
        edge("retention", "proof", "only what is proven, or checked, counts as kept"),
        edge("policy", "retention", "a data class says what retention keeps"),
        edge("prune", "retention", "what is to go is judged there"),
        edge("prune", "policy", "by the rules of the policies in force"),
        edge("prune", "schedule", "a series' snapshots are its data class'"),
        edge("prune", "fleet", "snapshots go host by host, as the fleet's acts"),
        edge("prune", "catalog", "histories are read from the catalog"),
        edge("prune", "journal", "deletions, drops, holds and approvals are records"),
        edge("prune", "proof", "what is damaged or unproven counts for less"),
        edge("rpc", "prune", "operators' calls about deletion and retention end in prune"),
        edge("rpc", "retention", "why a snapshot is kept is told in its words"),
        edge("job", "fleet", "jobs run on hosts"),
        edge("job", "journal", "jobs begin and end by record"),
        edge("job", "catalog", "schedules look at what exists"),
        edge("job", "leadership", "only the leader schedules"),
        edge("dispatch", "policy", "what policies ask for is begun"),
        edge("dispatch", "schedule", "the planner says what is due"),
        edge("dispatch", "job", "each attempt is a job"),
        edge("dispatch", "fleet", "policies choose among the fleet's hosts"),
        edge("dispatch", "catalog", "the last attempt of each series is journalled"),
        edge("recovery", "vault", "recovery needs a vault and nothing else"),
        edge("recovery", "pack", "a lost catalog is rebuilt from footers"),
        edge("recovery", "journal", "a lost catalog is rebuilt by replay"),
        edge("recovery", "catalog", "recovery fills a new catalog"),
        edge("key", "fleet", "keys are replaced and destroyed as the fleet's acts"),
        edge("key", "journal", "what becomes of a key is a record first"),
        edge("key", "catalog", "and what the record came to is looked up"),
        edge("key", "vault", "key rings and recovery keys are objects of the vault"),
        edge("rpc", "key", "operators' calls about keys end in key"),
        edge("recovery", "key", "the newest version of the key ring is found as a start finds it"),
        edge("recovery", "ledger", "recovery opens journal and catalog as one"),
        edge("rpc", "ingest", "backup calls end in ingest"),
        edge("rpc", "serve", "restore calls end in serve"),
        edge("rpc", "fleet", "enrolment and control calls end in fleet"),
        edge("rpc", "job", "orders and their results are jobs"),
        edge("rpc", "dispatch", "operators look ahead"),
        edge("rpc", "policy", "operators' calls about policies end in policy"),
        edge("rpc", "browse", "operators' calls about snapshots and the vault end in browse"),
        edge("rpc", "catalog", "browse and list calls read the catalog"),
        edge("rpc", "leadership", "a follower answers with who leads"),
        edge("node", ANY, "the one class that wires the process"));
  }
}
