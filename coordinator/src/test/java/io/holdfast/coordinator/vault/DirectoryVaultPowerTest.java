package io.holdfast.coordinator.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.OperationHook;
import io.holdfast.common.testkit.PowerLoss;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Two coordinators create and publish under few names, one breaking into the middle of the other's
 * calls, until the power goes between two system calls or in one. Then:
 *
 * <ul>
 *   <li>whatever was answered Created is there, with exactly its bytes, and had no second creator;
 *   <li>whatever was answered Exists is there;
 *   <li>no name holds anything but the complete bytes of one creator;
 *   <li>nothing is there of what failed before it could claim its name.
 * </ul>
 */
class DirectoryVaultPowerTest {
  private static final int ROUNDS = 2000;
  private static final int NAMES = 12;
  private static final List<PowerLoss> LOSSES = List.of(PowerLoss.values());

  private final Map<ObjectName, String> created = new HashMap<>();
  private final Map<ObjectName, Set<String>> attempted = new HashMap<>();
  private final Set<ObjectName> existing = new HashSet<>();
  private final Set<String> failed = new HashSet<>();
  private RandomGenerator random = new SplittableRandom(0);
  private LossyVault lossy = LossyVault.blank(0);
  private String round = "";

  @Test
  void everyPromiseOutlivesThePower() {
    int survivors = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      survivors += playRound(seed);
    }
    assertTrue(survivors > ROUNDS, "the rounds created next to nothing: " + survivors);
  }

  private int playRound(long seed) {
    round = "replay with playRound(" + seed + ")";
    random = new SplittableRandom(seed);
    created.clear();
    attempted.clear();
    existing.clear();
    failed.clear();
    lossy = LossyVault.founded(seed);
    List<DirectoryVault> members = List.of(lossy.open(), lossy.open());
    lossy.disk.hook(new Intruder(members));
    lossy.disk.goDarkAfter(random.nextInt(150));
    while (!lossy.disk.isDark()) {
      attempt(members.get(random.nextInt(2)));
    }
    lossy.disk.hook(new OperationHook() {});
    lossy.disk.cutPower(LOSSES.get(random.nextInt(LOSSES.size())));
    check(lossy.open());
    return created.size();
  }

  /** Lets the other member act in the middle of a call, one level deep. */
  private final class Intruder implements OperationHook {
    private final List<DirectoryVault> members;
    private boolean inside;

    Intruder(List<DirectoryVault> members) {
      this.members = members;
    }

    @Override
    public void before(FileOperation operation, Path path) {
      if (!inside && random.nextInt(6) == 0 && !lossy.disk.isDark()) {
        inside = true;
        attempt(members.get(random.nextInt(2)));
        inside = false;
      }
    }
  }

  private void attempt(DirectoryVault vault) {
    ObjectName name = ObjectName.of("d" + random.nextInt(3) + "/o" + random.nextInt(NAMES));
    String content = "%s-%x-".formatted(name, random.nextLong()).repeat(1 + random.nextInt(100));
    attempted.computeIfAbsent(name, _ -> new HashSet<>()).add(content);
    try {
      if (random.nextBoolean()) {
        create(vault, name, content);
      } else {
        publish(vault, name, content);
      }
    } catch (HoldfastException e) {
      switch (e.code()) {
        case VAULT_UNAVAILABLE, VAULT_SYNC_FAILED -> failed.add(content);
        case OBJECT_EXISTS -> existing.add(name);
        case VAULT_OUTCOME_UNKNOWN -> {}
        // ErrorCode has no end: only these four may come here.
        default -> throw e;
      }
    }
  }

  private void create(DirectoryVault vault, ObjectName name, String content) {
    switch (vault.create(name, ByteBuffer.wrap(content.getBytes(UTF_8)))) {
      case CreateOutcome.Created _ -> noteCreated(name, content);
      case CreateOutcome.Exists _ -> existing.add(name);
      case CreateOutcome.Unknown _ -> {}
    }
  }

  private void publish(DirectoryVault vault, ObjectName name, String content) {
    try (ObjectWriter writer = vault.newObject(name)) {
      byte[] bytes = content.getBytes(UTF_8);
      for (int at = 0; at < bytes.length; at += 1000) {
        writer.append(ByteBuffer.wrap(bytes, at, Math.min(1000, bytes.length - at)));
      }
      assertEquals(bytes.length, writer.finish(), round);
      noteCreated(name, content);
    }
  }

  private void noteCreated(ObjectName name, String content) {
    assertNull(created.put(name, content), () -> round + ": two creators of " + name);
  }

  private void check(DirectoryVault vault) {
    Set<ObjectName> there = new HashSet<>();
    attempted.forEach((name, contents) ->
        vault
            .find(name, 1 << 20)
            .ifPresent(bytes -> {
              there.add(name);
              checkContent(name, contents, new String(bytes, UTF_8));
            }));
    assertTrue(there.containsAll(created.keySet()), () -> round + ": lost what was created");
    assertTrue(there.containsAll(existing), () -> round + ": lost what was said to exist");
    List<ObjectName> listed = new ArrayList<>();
    vault.list(ObjectPrefix.ALL, listed::add);
    assertEquals(there.stream().sorted().toList(), listed, round);
  }

  private void checkContent(ObjectName name, Set<String> contents, String found) {
    assertTrue(contents.contains(found), () -> round + ": " + name + " holds nobody's bytes");
    assertTrue(!failed.contains(found), () -> round + ": " + name + " holds what failed");
    assertEquals(created.getOrDefault(name, found), found, round);
  }
}
