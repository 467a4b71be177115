package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.yaml.Problems;
import java.util.Set;
import java.util.TreeSet;

/** One reading of a text: what is wrong with it, and every key that was asked for. */
record Reading(Problems problems, Set<String> asked) {
  Reading(String name) {
    this(Problems.byColumn(name), new TreeSet<>());
  }
}
