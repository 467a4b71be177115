package io.holdfast.common.config;

import java.util.Optional;

/** The process's environment variables, as a parameter. */
@FunctionalInterface
public interface Environment {
  Environment SYSTEM = name -> Optional.ofNullable(System.getenv(name));

  /** The variable's value; empty if it isn't set. */
  Optional<String> find(String name);
}
