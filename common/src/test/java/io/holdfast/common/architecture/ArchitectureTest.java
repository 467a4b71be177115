package io.holdfast.common.architecture;

import static io.holdfast.common.architecture.Edge.ANY;
import static io.holdfast.common.architecture.Edge.edge;

import java.util.List;
import java.util.Set;

/** Who may use whom in the module common, and why. */
class ArchitectureTest implements ArchitectureContract {
  @Override
  public String module() {
    return "common";
  }

  @Override
  public Set<String> usedModules() {
    return Set.of("proto");
  }

  @Override
  public List<Edge> edges() {
    return List.of(
        edge(ANY, "error", "every border throws the one exception"),
        edge(ANY, "id", "ids are the words that packages share"),
        edge(ANY, "seam", "time and randomness come in as parameters"),
        edge("sealing", "key", "a chunk is sealed under keys derived from the keyring"),
        edge("page", "entry", "pages hold entries; hashing and sealing come in as parameters"),
        edge("match", "entry", "patterns match the paths of entries"),
        edge("sealing", "chunking", "a key generation derives the table of the rolling hash"),
        edge("page", "chunking", "pages are cut by content, with the same rolling hash"),
        edge("page", "sealing", "a page is itself a sealed chunk"),
        edge("pack", "sealing", "a pack holds sealed chunks"),
        edge("snapshot", "page", "an open snapshot gives its pages"),
        edge("snapshot", "entry", "an open snapshot names its root"),
        edge("snapshot", "sealing", "an open snapshot has the keys that open its chunks"),
        edge("identity", "key", "certificates bind the keys of a host or site"),
        edge("config", "yaml", "a configuration file is YAML"),
        edge("config", "unit", "settings carry sizes and durations"),
        edge("progress", "unit", "progress is shown in sizes and rates"),
        edge("rpc", "identity", "every channel is mutual TLS between enrolled identities"),
        edge("rpc", "config", "addresses and limits of a channel are settings"));
  }
}
