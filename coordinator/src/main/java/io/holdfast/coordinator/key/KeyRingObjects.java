package io.holdfast.coordinator.key;

import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.Vault;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions of the key ring a vault has. */
public final class KeyRingObjects {
  private static final String PREFIX = "keys/ring.";
  private static final Pattern NAME = Pattern.compile("keys/ring\\.([1-9][0-9]{0,8})");

  private KeyRingObjects() {}

  /** Their numbers; whether any of them opens, or is named by the journal, is another matter. */
  public static List<Integer> newestFirst(Vault vault) {
    TreeSet<Integer> numbers = new TreeSet<>(Comparator.reverseOrder());
    vault.list(
        ObjectPrefix.of("keys/"),
        Optional.of(ObjectName.of("keys/ring")),
        name -> {
          Matcher ring = NAME.matcher(name.value());
          if (ring.matches()) {
            numbers.add(Integer.valueOf(ring.group(1)));
          }
          return name.value().startsWith(PREFIX);
        });
    return List.copyOf(numbers);
  }
}
