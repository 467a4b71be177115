package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.yaml.Node;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Hooks;
import io.holdfast.coordinator.policy.Limits;
import io.holdfast.coordinator.policy.Objectives;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What data classes may have from their policy, as it is written. */
final class PartsTree {
  private PartsTree() {}

  /** By key, in the order of documents; a part that says nothing is absent. */
  static Map<String, Node> of(DataClass dataClass) {
    Keys keys =
        new Keys()
            .put("schedule", schedule(dataClass.schedule()).node())
            .put("limits", limits(dataClass.limits()).node())
            .put("retention", dataClass.retention().map(rules -> retention(rules).node()))
            .putSome("objectives", objectives(dataClass.objectives()))
            .put("gapsLimit", dataClass.gapsLimit())
            .putSome("hooks", hooks(dataClass.hooks()))
            .put("hold", dataClass.hold());
    Map<String, Node> parts = new LinkedHashMap<>();
    keys.node().entries().forEach((key, entry) -> parts.put(key, entry.value()));
    return parts;
  }

  private static Keys schedule(Schedule schedule) {
    Retries retries = schedule.retries();
    List<Window> windows = schedule.timetable().windows().windows();
    return new Keys()
        .put("cron", schedule.timetable().recurrence())
        .put("timeZone", schedule.timetable().zone().getId())
        .put("spread", schedule.timetable().spread())
        .putTexts("windows", windows.stream().map(Window::toString).toList())
        .put("catchUp", schedule.catchUp())
        .put(
            "retries",
            new Keys()
                .put("times", retries.times())
                .put("backOff", retries.backOff())
                .put("longest", retries.longest())
                .node());
  }

  private static Keys limits(Limits limits) {
    return new Keys()
        .putItems(
            "bandwidth",
            limits.bandwidth().limits().stream()
                .map(limit ->
                    new Keys()
                        .put("rate", limit.rate().exact())
                        .put("during", limit.during())
                        .node())
                .toList())
        .put("priority", limits.priority())
        .put("group", limits.group());
  }

  private static Keys retention(RetentionRules rules) {
    Keys keys = new Keys();
    rules
        .counts()
        .forEach((period, count) ->
            keys.put(period.word(), Optional.of(count).filter(some -> some > 0)));
    return keys.put("within", rules.within());
  }

  private static Keys objectives(Objectives objectives) {
    return new Keys().put("rpo", objectives.rpo()).put("rto", objectives.rto());
  }

  private static Keys hooks(Hooks hooks) {
    return new Keys()
        .putItems("before", hooks(hooks.before()))
        .putItems("after", hooks(hooks.after()));
  }

  private static List<Node.Mapping> hooks(List<Hooks.Hook> hooks) {
    return hooks.stream()
        .map(hook ->
            new Keys()
                .put("name", hook.name())
                .put("timeLimit", hook.timeLimit())
                .put("onFailure", Forms.word(hook.onFailure()))
                .node())
        .toList();
  }
}
