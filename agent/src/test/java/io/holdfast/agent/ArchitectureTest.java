package io.holdfast.agent;

import static io.holdfast.common.architecture.Edge.ANY;
import static io.holdfast.common.architecture.Edge.edge;

import io.holdfast.common.architecture.ArchitectureContract;
import io.holdfast.common.architecture.Edge;
import java.util.List;
import java.util.Set;

/** Who may use whom in the module agent, and why. */
class ArchitectureTest implements ArchitectureContract {
  @Override
  public String module() {
    return "agent";
  }

  @Override
  public Set<String> usedModules() {
    return Set.of("proto", "common");
  }

  @Override
  public List<Edge> edges() {
    return List.of(
        edge("walk", "posix", "a walk lists and stats through the system calls"),
        edge("source", "posix", "files are read with their metadata"),
        edge("source", "walk", "the file source reads what the walk finds"),
        edge("source", "backup", "a source gives what a backup merges"),
        edge("source", "throttle", "files are read no faster than the host allows"),
        edge("postgres", "backup", "a cluster is a source"),
        edge("postgres", "source", "a cluster's files are read as any others"),
        edge("postgres", "walk", "a cluster's directories are walked, less what is left out"),
        edge("postgres", "posix", "the log's files are read by their names"),
        edge("postgres", "throttle", "a cluster is read no faster than the host allows"),
        edge("source", "hook", "what a program prints is a source"),
        edge("source", "nbd", "disks in formats of other programs are read through these"),
        edge("nbd", "posix", "a reader that outlived its agent is found by its note"),
        edge("hook", "posix", "who may have put a program there, its output and its end"),
        edge("job", "hook", "hooks run before and after a backup"),
        edge("job", "posix", "subvolumes are made and removed by system calls"),
        edge("job", "walk", "a walk is told what it reads from elsewhere"),
        edge("mariadb", "backup", "what a server's tool writes is a source"),
        edge("mariadb", "source", "it is a file as what any program prints is"),
        edge("mariadb", "throttle", "it is read no faster than the host allows"),
        edge("link", "throttle", "a backup takes no more of the network than it may"),
        edge("link", "backup", "the streams are what a backup sends and reads through"),
        edge("tree", "posix", "restored entries are made through the system calls"),
        edge("restore", "tree", "a restore hands its entries to the writer that stays inside"),
        edge("restore", "posix", "a restore sets owners, times, xattrs and holes"),
        edge("restore", "throttle", "a restore takes no more of the network than it may"),
        edge("enrolment", "link", "a token is exchanged for a certificate over the link"),
        edge("node", ANY, "the one class that wires the process"));
  }
}
