package io.holdfast.coordinator.key;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.Vault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a vault has of master keys, and of what is sealed under each. In a private repository that
 * is what goes with each by its number: a recovery key, and what hosts sealed to it.
 */
public final class MasterObjects {
  private static final ObjectPrefix KEYS = ObjectPrefix.of("keys/");
  private static final Pattern WRAP =
      Pattern.compile("keys/master\\.([1-9][0-9]{0,8})\\.(passphrase|service)");
  private static final Pattern RECOVERY =
      Pattern.compile("keys/recovery(?:\\.([1-9][0-9]{0,8}))?\\.passphrase");
  private static final Pattern HOST =
      Pattern.compile("keys/(?:host|sealed)(?:\\.([1-9][0-9]{0,8}))?/([0-9a-f]{32})");

  private MasterObjects() {}

  /**
   * What a name under {@code keys/} says: of a master key, of a host's recovery key, or of the
   * recovery key of a private repository.
   *
   * @param number of the master key that it is, or that it goes with
   * @param how the master key is wrapped, if it is one
   * @param host whose recovery key it is, as it stands in names, if it is one
   */
  private record Key(ObjectName name, int number, Optional<String> how, Optional<String> host) {
    static Optional<Key> of(ObjectName name) {
      Matcher wrap = WRAP.matcher(name.value());
      if (wrap.matches()) {
        int number = Integer.parseInt(wrap.group(1));
        return Optional.of(new Key(name, number, Optional.of(wrap.group(2)), Optional.empty()));
      }
      Matcher recovery = RECOVERY.matcher(name.value());
      if (recovery.matches()) {
        return Optional.of(new Key(name, number(recovery), Optional.empty(), Optional.empty()));
      }
      Matcher host = HOST.matcher(name.value());
      if (host.matches()) {
        return Optional.of(
            new Key(name, number(host), Optional.empty(), Optional.of(host.group(2))));
      }
      return Optional.empty();
    }

    private static int number(Matcher numbered) {
      return numbered.group(1) == null ? 1 : Integer.parseInt(numbered.group(1));
    }

    boolean isRecovery() {
      return how.isEmpty() && host.isEmpty();
    }
  }

  private static void forEach(Vault vault, Consumer<Key> visitor) {
    vault.list(
        KEYS,
        name -> {
          Key.of(name).ifPresent(visitor);
          return true;
        });
  }

  /** The numbers of those that {@code which} takes, from the highest on. */
  private static List<Integer> numbers(Vault vault, Predicate<Key> which) {
    TreeSet<Integer> numbers = new TreeSet<>(Comparator.reverseOrder());
    forEach(
        vault,
        key -> {
          if (which.test(key)) {
            numbers.add(key.number());
          }
        });
    return List.copyOf(numbers);
  }

  /** Numbers of the master keys wrapped under {@code how}; whether any opens is another matter. */
  public static List<Integer> newestFirst(Vault vault, String how) {
    Optional<String> wrapped = Optional.of(how);
    return numbers(vault, key -> key.how().equals(wrapped));
  }

  /** Numbers of a private repository's recovery keys; whether any opens is another matter. */
  public static List<Integer> recoveriesNewestFirst(Vault vault) {
    return numbers(vault, Key::isRecovery);
  }

  /** Numbers of the master keys under which a recovery key of {@code host} lies. */
  public static List<Integer> numbersOf(Vault vault, HostId host) {
    Optional<String> named = Optional.of(host.toString());
    return numbers(vault, key -> key.host().equals(named));
  }

  /** The hosts, as they stand in names, whose recovery keys lie under master key {@code number}. */
  static List<String> hosts(Vault vault, int number) {
    List<String> hosts = new ArrayList<>();
    forEach(
        vault,
        key -> {
          if (key.number() == number) {
            key.host().ifPresent(hosts::add);
          }
        });
    return hosts;
  }

  /** All hosts that have a recovery key, under whichever master key. */
  static Set<HostId> hosts(Vault vault) {
    Set<HostId> hosts = new HashSet<>();
    forEach(vault, key -> key.host().map(HostId::parse).ifPresent(hosts::add));
    return hosts;
  }

  /** Keys of hosts under master keys whose number {@code which} takes. */
  static List<ObjectName> hostsOf(Vault vault, IntPredicate which) {
    return names(vault, key -> key.host().isPresent() && which.test(key.number()));
  }

  /** Keys of {@code host}, under whichever master key. */
  static List<ObjectName> keysOf(Vault vault, HostId host) {
    Optional<String> named = Optional.of(host.toString());
    return names(vault, key -> key.host().equals(named));
  }

  /** The host, as it stands in names, whose recovery key {@code name} is, if it is one. */
  static Optional<String> host(ObjectName name) {
    return Key.of(name).flatMap(Key::host);
  }

  /** Wraps of master keys, and what goes with them, whose number {@code which} takes. */
  static List<ObjectName> of(Vault vault, IntPredicate which) {
    return names(vault, key -> which.test(key.number()));
  }

  private static List<ObjectName> names(Vault vault, Predicate<Key> which) {
    List<ObjectName> found = new ArrayList<>();
    forEach(
        vault,
        key -> {
          if (which.test(key)) {
            found.add(key.name());
          }
        });
    return found;
  }
}
