package io.holdfast.deploy;

import static io.holdfast.common.architecture.Edge.ANY;
import static io.holdfast.common.architecture.Edge.edge;

import io.holdfast.common.architecture.ArchitectureContract;
import io.holdfast.common.architecture.Edge;
import java.util.List;
import java.util.Set;

/** Who may use whom in the module deploy, and why. */
class ArchitectureTest implements ArchitectureContract {
  @Override
  public String module() {
    return "deploy";
  }

  @Override
  public Set<String> usedModules() {
    return Set.of("proto", "common", "agent", "coordinator");
  }

  @Override
  public List<Edge> edges() {
    return List.of(edge("cli", ANY, "the launcher starts everything"));
  }
}
