package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Upload;
import java.util.ArrayList;
import java.util.List;

/** Names for what traces tell of. */
final class Words {
  private Words() {}

  static String host(int host) {
    return host == Catalog.A ? "A" : "B";
  }

  static String snapshot(int slot, Scenario scenario) {
    return "snapshot " + scenario.name(Catalog.rootOf(slot)) + " of " + host(Catalog.hostOf(slot));
  }

  static String snapshots(int slots, Scenario scenario) {
    List<String> names = new ArrayList<>();
    for (int left = slots; left != 0; left &= left - 1) {
      names.add(snapshot(Integer.numberOfTrailingZeros(left), scenario));
    }
    return String.join(", ", names);
  }

  static String upload(Upload upload, Scenario scenario) {
    String first = scenario.name(upload.first());
    return upload.second() < 0
        ? first
        : first + " and " + scenario.name(upload.second()) + " in one pack";
  }

  static String chunks(int mask, Scenario scenario) {
    List<String> names = new ArrayList<>();
    for (int left = mask; left != 0; left &= left - 1) {
      names.add(scenario.name(Integer.numberOfTrailingZeros(left)));
    }
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }

  static String entry(Entry entry, Scenario scenario) {
    return host(entry.uploader())
        + "'s "
        + (entry.is(Flag.PROVEN) ? "proven " : "")
        + (entry.is(Flag.GARBAGE) ? "garbage " : "")
        + scenario.name(entry.chunk());
  }

  static String pack(Packs packs, int pack, Scenario scenario) {
    Entry second = packs.at(2 * pack + 1);
    String first = entry(packs.at(2 * pack), scenario);
    return "the pack of " + (second.exists() ? first + " and " + entry(second, scenario) : first);
  }
}
