package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.coordinator.node.CoordinatorConfig;
import java.nio.file.Path;

/** Which configuration is meant. */
enum Role {
  COORDINATOR,
  AGENT;

  Class<? extends Record> type() {
    return switch (this) {
      case COORDINATOR -> CoordinatorConfig.class;
      case AGENT -> AgentConfig.class;
    };
  }

  Path usualFile() {
    return switch (this) {
      case COORDINATOR -> GlobalOptions.COORDINATOR_FILE;
      case AGENT -> GlobalOptions.AGENT_FILE;
    };
  }
}
