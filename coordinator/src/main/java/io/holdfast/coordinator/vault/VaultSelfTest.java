package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Makes a vault prove that it keeps the promises the journal stands on, by using it as the journal
 * does. Several kinds of store answer "created" to a second create, some only when creators race,
 * some only with certain settings; none says so. A store that fails here is refused, whatever it
 * calls itself.
 *
 * <p>The members are independently opened views of one vault, from different machines where there
 * are two. Everything happens under a scratch prefix beside the objects that matter, in random
 * names, and is deleted afterwards as far as the store allows. For one thread at a time.
 */
public final class VaultSelfTest {
  private static final int CONTENT_BYTES = 4096;

  private final List<Vault> members;
  private final ObjectPrefix scratch;
  private final Randomness randomness;
  private final Time time;
  private final List<SelfTestResult.Passed> passed = new ArrayList<>();
  private final List<ObjectName> used = new ArrayList<>();
  private VaultCheck current = VaultCheck.CREATE_TWICE;
  private int creates;
  private int unknown;

  public VaultSelfTest(
      List<? extends Vault> members, ObjectPrefix scratch, Randomness randomness, Time time) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a self-test needs a vault");
    }
    this.members = List.copyOf(members);
    this.scratch = scratch;
    this.randomness = randomness;
    this.time = time;
  }

  /**
   * One double create, read back: what a leader asks of its vault each time it starts.
   *
   * @throws HoldfastException VAULT_UNSUITABLE naming the check that failed; VAULT_UNAVAILABLE and
   *     VAULT_FULL if nothing could be shown either way
   */
  public SelfTestResult quick() {
    return run(() -> {
      check(VaultCheck.CREATE_TWICE, this::createTwice);
      check(VaultCheck.READ_BACK, this::readBack);
    });
  }

  /**
   * All checks: before a vault is first used, when it is added, and daily. Throws as quick does.
   */
  public SelfTestResult full(RaceSize race) {
    return run(() -> {
      check(VaultCheck.CREATE_TWICE, this::createTwice);
      check(VaultCheck.READ_BACK, this::readBack);
      check(VaultCheck.LIST_AFTER_CREATE, this::listAfterCreate);
      check(VaultCheck.RACE, () -> race(race));
      check(VaultCheck.DELETE_THEN_CREATE, this::deleteThenCreate);
      check(VaultCheck.PUBLISH, this::publish);
    });
  }

  private SelfTestResult run(Runnable checks) {
    passed.clear();
    used.clear();
    try {
      checks.run();
      return new SelfTestResult(members.getFirst().identity().vault(), members.size(), passed);
    } finally {
      used.forEach(this::deleteQuietly);
    }
  }

  private void check(VaultCheck check, Runnable body) {
    current = check;
    creates = 0;
    unknown = 0;
    long start = time.nanos();
    body.run();
    Duration took = Duration.ofNanos(time.nanos() - start);
    passed.add(new SelfTestResult.Passed(check, creates, unknown, took));
  }

  private void createTwice() {
    ObjectName name = newName();
    byte[] first = newContent();
    expectCreated(create(members.getFirst(), name, first), "the first create of a new name");
    CreateOutcome second = create(members.getLast(), name, newContent());
    require(
        !(second instanceof CreateOutcome.Created), "a second create was told it had created too");
    require(
        second instanceof CreateOutcome.Exists, () -> "a second create was not refused: " + second);
    requireContent(name, first, "a refused create changed the object");
  }

  private void readBack() {
    ObjectName name = newName();
    byte[] content = newContent();
    expectCreated(create(members.getFirst(), name, content), "a create");
    requireContent(name, content, "what was created is not what is read");
    for (Vault member : members) {
      require(
          member.size(name).equals(OptionalLong.of(content.length)),
          "an object's length is not what was created");
    }
  }

  private void listAfterCreate() {
    for (Vault creator : members) {
      ObjectName name = newName();
      expectCreated(create(creator, name, newContent()), "a create");
      for (Vault member : members) {
        require(lists(member, name), "a list taken after a create doesn't show the name");
      }
    }
  }

  private boolean lists(Vault member, ObjectName wanted) {
    boolean[] seen = new boolean[1];
    member.list(
        scratch,
        name -> {
          seen[0] |= name.equals(wanted);
          return !seen[0];
        });
    return seen[0];
  }

  private void race(RaceSize size) {
    CreateRace race = new CreateRace(members, size.creators());
    for (int round = 0; round < size.rounds(); round++) {
      List<byte[]> contents = new ArrayList<>();
      for (int creator = 0; creator < size.creators(); creator++) {
        contents.add(newContent());
      }
      ObjectName name = newName();
      judge(name, contents, race.run(name, contents));
      deleteQuietly(name);
    }
  }

  private void judge(ObjectName name, List<byte[]> contents, List<CreateOutcome> outcomes) {
    List<byte[]> winners = new ArrayList<>();
    List<byte[]> candidates = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      switch (count(outcomes.get(i))) {
        case CreateOutcome.Created _ -> winners.add(contents.get(i));
        case CreateOutcome.Unknown _ -> candidates.add(contents.get(i));
        case CreateOutcome.Exists _ -> {}
      }
    }
    require(winners.size() <= 1, () -> winners.size() + " racing creators were told they won");
    byte[] held = members.getFirst().find(name, CONTENT_BYTES).orElse(new byte[0]);
    require(
        (winners.isEmpty() ? candidates : winners).stream().anyMatch(c -> Arrays.equals(c, held)),
        "after a race the name holds no winner's bytes");
    requireContent(name, held, "after a race members read different bytes");
  }

  private void deleteThenCreate() {
    ObjectName name = newName();
    expectCreated(create(members.getFirst(), name, newContent()), "a create");
    members.getFirst().delete(name);
    for (Vault member : members) {
      require(member.find(name, CONTENT_BYTES).isEmpty(), "a deleted object is still read");
      require(!lists(member, name), "a deleted object is still listed");
    }
    byte[] second = newContent();
    expectCreated(create(members.getLast(), name, second), "a create after a delete");
    requireContent(name, second, "after a delete and a create the old bytes are read");
  }

  private void publish() {
    ObjectName name = newName();
    byte[] content = newContent();
    int half = content.length / 2;
    try (ObjectWriter writer = members.getFirst().newObject(name)) {
      writer.append(ByteBuffer.wrap(content, 0, half));
      require(members.getLast().size(name).isEmpty(), "an unfinished object is visible");
      writer.append(ByteBuffer.wrap(content, half, content.length - half));
      require(writer.finish() == content.length, "a finished object has another length");
    }
    requireContent(name, content, "a finished object is read differently");
    try (ObjectReader reader = members.getLast().open(name)) {
      ByteBuffer tail = ByteBuffer.allocate(half);
      reader.read(content.length - half, tail);
      require(
          tail.flip().equals(ByteBuffer.wrap(content, content.length - half, half)),
          "a read at an offset gives other bytes than a whole one");
    }
  }

  private CreateOutcome create(Vault member, ObjectName name, byte[] content) {
    return count(member.create(name, ByteBuffer.wrap(content)));
  }

  private CreateOutcome count(CreateOutcome outcome) {
    creates++;
    unknown += outcome instanceof CreateOutcome.Unknown ? 1 : 0;
    return outcome;
  }

  private void expectCreated(CreateOutcome outcome, String what) {
    require(outcome instanceof CreateOutcome.Created, () -> what + " ended as " + outcome);
  }

  private void requireContent(ObjectName name, byte[] expected, String fault) {
    for (Vault member : members) {
      Optional<byte[]> read = member.find(name, CONTENT_BYTES);
      require(read.isPresent(), "an object that was created isn't found");
      require(Arrays.equals(read.get(), expected), fault);
    }
  }

  private ObjectName newName() {
    ObjectName name = scratch.name(HexFormat.of().formatHex(randomness.bytes(16)));
    used.add(name);
    return name;
  }

  private byte[] newContent() {
    return randomness.bytes(CONTENT_BYTES);
  }

  /** A store that forbids deletes keeps the scratch objects: harmless, and not what is tested. */
  private void deleteQuietly(ObjectName name) {
    try {
      members.getFirst().delete(name);
    } catch (HoldfastException kept) {
      return;
    }
  }

  private void require(boolean holds, String fault) {
    require(holds, () -> fault);
  }

  private void require(boolean holds, Supplier<String> fault) {
    if (!holds) {
      throw new HoldfastException(
          ErrorCode.VAULT_UNSUITABLE,
          "Vault %s is refused: it must show that %s, but %s. Use another store or file system."
              .formatted(members.getFirst().identity().vault(), current.claim(), fault.get()));
    }
  }
}
