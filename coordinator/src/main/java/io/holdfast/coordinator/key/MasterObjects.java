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
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  /** Numbers of the master keys wrapped under {@code how}; whether any opens is another matter. */
  public static List<Integer> newestFirst(Vault vault, String how) {
    TreeSet<Integer> numbers = new TreeSet<>(Comparator.reverseOrder());
    vault.list(
        KEYS,
        name -> {
          Matcher wrap = WRAP.matcher(name.value());
          if (wrap.matches() && wrap.group(2).equals(how)) {
            numbers.add(Integer.valueOf(wrap.group(1)));
          }
          return true;
        });
    return List.copyOf(numbers);
  }

  /** Numbers of a private repository's recovery keys; whether any opens is another matter. */
  public static List<Integer> recoveriesNewestFirst(Vault vault) {
    TreeSet<Integer> numbers = new TreeSet<>(Comparator.reverseOrder());
    vault.list(
        KEYS,
        name -> {
          Matcher recovery = RECOVERY.matcher(name.value());
          if (recovery.matches()) {
            numbers.add(number(recovery));
          }
          return true;
        });
    return List.copyOf(numbers);
  }

  /** The hosts, as they stand in names, whose recovery keys lie under master key {@code number}. */
  static List<String> hosts(Vault vault, int number) {
    List<String> hosts = new ArrayList<>();
    vault.list(
        KEYS,
        name -> {
          Matcher host = HOST.matcher(name.value());
          if (host.matches() && number(host) == number) {
            hosts.add(host.group(2));
          }
          return true;
        });
    return hosts;
  }

  /** All hosts that have a recovery key, under whichever master key. */
  static Set<HostId> hosts(Vault vault) {
    Set<HostId> hosts = new HashSet<>();
    of(vault, number -> true).forEach(name -> host(name).map(HostId::parse).ifPresent(hosts::add));
    return hosts;
  }

  /** Keys of hosts under master keys whose number {@code which} takes. */
  static List<ObjectName> hostsOf(Vault vault, IntPredicate which) {
    return of(vault, which).stream().filter(name -> host(name).isPresent()).toList();
  }

  /** The host, as it stands in names, whose recovery key {@code name} is, if it is one. */
  static Optional<String> host(ObjectName name) {
    Matcher host = HOST.matcher(name.value());
    return host.matches() ? Optional.of(host.group(2)) : Optional.empty();
  }

  /** Keys of {@code host}, under whichever master key. */
  static List<ObjectName> keysOf(Vault vault, HostId host) {
    List<ObjectName> found = new ArrayList<>();
    vault.list(
        KEYS,
        name -> {
          if (host(name).filter(host.toString()::equals).isPresent()) {
            found.add(name);
          }
          return true;
        });
    return found;
  }

  private static int number(Matcher numbered) {
    return numbered.group(1) == null ? 1 : Integer.parseInt(numbered.group(1));
  }

  /** Wraps of master keys, and what goes with them, whose number {@code which} takes. */
  static List<ObjectName> of(Vault vault, IntPredicate which) {
    List<ObjectName> found = new ArrayList<>();
    vault.list(
        KEYS,
        name -> {
          boolean taken =
              Stream.of(WRAP, RECOVERY, HOST)
                  .map(pattern -> pattern.matcher(name.value()))
                  .anyMatch(matcher -> matcher.matches() && which.test(number(matcher)));
          if (taken) {
            found.add(name);
          }
          return true;
        });
    return found;
  }
}
