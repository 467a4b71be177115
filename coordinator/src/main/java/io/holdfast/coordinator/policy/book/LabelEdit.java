package io.holdfast.coordinator.policy.book;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.Facts;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Other labels for a host.
 *
 * @param set those that it has afterwards, whether or not it had them
 * @param removed keys of those that it hasn't
 */
public record LabelEdit(SortedMap<String, String> set, SortedSet<String> removed) {
  public LabelEdit {
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /** INVALID_ARGUMENT if it says two things of one label, or what no label can be. */
  public static LabelEdit of(Map<String, String> set, Set<String> removed) {
    LabelEdit edit = new LabelEdit(new TreeMap<>(set), new TreeSet<>(removed));
    Facts.checkLabels(edit.set);
    for (String key : edit.removed) {
      Facts.checkLabels(Map.of(key, ""));
      if (edit.set.containsKey(key)) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "label " + key + " is to be set and to be removed; say one of both");
      }
    }
    return edit;
  }

  /** What is left of {@code labels}, with those that are set; INVALID_ARGUMENT if they are many. */
  Map<String, String> on(Map<String, String> labels) {
    Map<String, String> edited = new TreeMap<>(labels);
    edited.putAll(set);
    edited.keySet().removeAll(removed);
    Facts.checkLabels(edited);
    return edited;
  }

  /** As on a command line. */
  @Override
  public String toString() {
    return Stream.concat(
            set.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()),
            removed.stream().map(key -> key + "-"))
        .collect(Collectors.joining(" "));
  }
}
