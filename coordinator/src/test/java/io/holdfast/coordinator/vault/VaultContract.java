package io.holdfast.coordinator.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What every {@link Vault} does, whatever it is made of. */
public abstract class VaultContract {
  private static final ObjectName NAME = ObjectName.of("journal/00000000000000000001");
  private static final ObjectPrefix JOURNAL = ObjectPrefix.of("journal/");

  /** An empty vault. */
  protected abstract Vault vault();

  /** The same vault, opened independently where that is possible. */
  protected abstract Vault otherMember();

  /**
   * Whether objects that were deleted are gone at once (a store with locks or versions may differ).
   */
  protected boolean deletes() {
    return true;
  }

  @Test
  void shouldCreateOnceAndRefuseEveryLaterCreate() {
    assertEquals(new CreateOutcome.Created(5), vault().create(NAME, bytes("fi"), bytes("rst")));
    assertInstanceOf(CreateOutcome.Exists.class, vault().create(NAME, bytes("second")));
    assertInstanceOf(CreateOutcome.Exists.class, otherMember().create(NAME, bytes("third")));
    assertEquals("first", read(vault(), NAME));
    assertEquals("first", read(otherMember(), NAME));
  }

  @Test
  void shouldLeaveTheBuffersOfACreateWhereTheyWere() {
    ByteBuffer content = bytes("xcontent").position(1);
    assertInstanceOf(CreateOutcome.Created.class, vault().create(NAME, content));
    assertEquals(1, content.position());
    assertEquals("content", read(vault(), NAME));
  }

  @Test
  void shouldHoldAnEmptyObject() {
    assertEquals(new CreateOutcome.Created(0), vault().create(NAME));
    assertEquals(OptionalLong.of(0), vault().size(NAME));
    assertEquals("", read(vault(), NAME));
    assertInstanceOf(CreateOutcome.Exists.class, vault().create(NAME, bytes("more")));
  }

  @Test
  void shouldTellAbsenceFromFailure() {
    assertEquals(Optional.empty(), vault().find(NAME, 10));
    assertEquals(OptionalLong.empty(), vault().size(NAME));
    assertFails(ErrorCode.OBJECT_NOT_FOUND, () -> vault().read(NAME, 10));
    assertFails(ErrorCode.OBJECT_NOT_FOUND, () -> vault().open(NAME).close());
    assertEquals(List.of(), list(ObjectPrefix.ALL, Optional.empty()));
    vault().delete(NAME);
  }

  @Test
  void shouldRefuseToReadMoreThanTheLimit() {
    create("12345");
    assertEquals("12345", new String(vault().read(NAME, 5), UTF_8));
    assertFails(ErrorCode.LIMIT_EXCEEDED, () -> vault().find(NAME, 4));
  }

  @Test
  void shouldReadAnyRangeAndNothingPastTheEnd() {
    create("0123456789");
    try (ObjectReader reader = otherMember().open(NAME)) {
      assertEquals(NAME, reader.name());
      assertEquals(10, reader.size());
      ByteBuffer into = ByteBuffer.allocate(6).position(1).limit(4);
      reader.read(7, into);
      assertEquals(4, into.position());
      assertArrayEquals("\000789\0\0".getBytes(UTF_8), into.array());
      reader.read(10, ByteBuffer.allocate(0));
      assertFails(ErrorCode.MALFORMED, () -> reader.read(8, ByteBuffer.allocate(3)));
      assertFails(ErrorCode.MALFORMED, () -> reader.read(50, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void shouldShowALargeObjectOnlyOnceItIsFinished() {
    ObjectName pack = ObjectName.of("packs/ab/abcdef");
    try (ObjectWriter writer = vault().newObject(pack)) {
      ByteBuffer part = bytes("part one, ");
      writer.append(part);
      assertEquals(0, part.remaining());
      assertEquals(10, writer.size());
      assertTrue(otherMember().size(pack).isEmpty());
      assertEquals(List.of(), list(ObjectPrefix.ALL, Optional.empty()));
      writer.append(bytes("part "), bytes("two"));
      assertEquals(18, writer.finish());
    }
    assertEquals("part one, part two", read(otherMember(), pack));
  }

  @Test
  void shouldLeaveNothingOfAnAbandonedObject() {
    ObjectName pack = ObjectName.of("packs/ab/abcdef");
    try (ObjectWriter writer = vault().newObject(pack)) {
      writer.append(bytes("abandoned"));
    }
    assertTrue(vault().size(pack).isEmpty());
    assertInstanceOf(CreateOutcome.Created.class, vault().create(pack, bytes("free")));
  }

  @Test
  void shouldNeverOverwriteByFinishing() {
    create("first");
    try (ObjectWriter writer = vault().newObject(NAME)) {
      writer.append(bytes("second"));
      assertFails(ErrorCode.OBJECT_EXISTS, writer::finish);
      assertThrows(IllegalStateException.class, writer::finish);
      assertThrows(IllegalStateException.class, () -> writer.append(bytes("more")));
    }
    assertEquals("first", read(vault(), NAME));
  }

  @Test
  void shouldListInOrderOfBytesBelowAPrefixAndAfterAName() {
    List<String> names =
        List.of("a-b", "a.b/x", "a/b", "a/b-c", "a0", "a_", "b/c/d", "b/c/e", "b/cc", "journal/1");
    names.reversed().forEach(name -> vault().create(ObjectName.of(name), bytes(name)));
    assertEquals(names, list(ObjectPrefix.ALL, Optional.empty()));
    assertEquals(List.of("a/b", "a/b-c"), list(ObjectPrefix.of("a/"), Optional.empty()));
    assertEquals(List.of("b/c/d", "b/c/e"), list(ObjectPrefix.of("b/c/"), Optional.empty()));
    for (int i = 0; i < names.size(); i++) {
      assertEquals(
          names.subList(i + 1, names.size()),
          list(ObjectPrefix.ALL, Optional.of(ObjectName.of(names.get(i)))));
    }
    ObjectName between = ObjectName.of("b/c/dd");
    assertEquals(List.of("b/c/e"), list(ObjectPrefix.of("b/c/"), Optional.of(between)));
    assertEquals(List.of(), list(ObjectPrefix.of("none/"), Optional.empty()));
  }

  @Test
  void shouldStopAListingWhenAsked() {
    for (int i = 0; i < 5; i++) {
      assertInstanceOf(CreateOutcome.Created.class, vault().create(JOURNAL.name("" + i)));
    }
    List<ObjectName> seen = new ArrayList<>();
    vault()
        .list(
            JOURNAL,
            name -> {
              seen.add(name);
              return seen.size() < 3;
            });
    assertEquals(3, seen.size());
  }

  @Test
  void shouldFreeANameByDeleting() {
    assumeTrue(deletes(), "this store keeps what is deleted");
    create("first");
    vault().delete(NAME);
    vault().delete(NAME);
    assertTrue(otherMember().find(NAME, 10).isEmpty());
    assertInstanceOf(CreateOutcome.Created.class, otherMember().create(NAME, bytes("second")));
    assertEquals("second", read(vault(), NAME));
  }

  @Test
  void shouldNameItselfTheSameToAllMembers() {
    assertEquals(vault().identity(), otherMember().identity());
    assertTrue(vault().usableBytes() > 0);
  }

  @Test
  void shouldPassTheSelfTest() {
    Random random = new Random(1);
    VaultSelfTest test =
        new VaultSelfTest(
            List.of(vault(), otherMember()),
            ObjectPrefix.of("selftest/"),
            random::nextBytes,
            Time.system());
    SelfTestResult result = test.full(new RaceSize(8, 5));
    assertEquals(
        List.of(VaultCheck.values()),
        result.checks().stream().map(SelfTestResult.Passed::check).toList());
    assertEquals(List.of(), list(ObjectPrefix.ALL, Optional.empty()), "it tidies up");
  }

  private void create(String content) {
    assertInstanceOf(CreateOutcome.Created.class, vault().create(NAME, bytes(content)));
  }

  private List<String> list(ObjectPrefix prefix, Optional<ObjectName> startAfter) {
    List<String> names = new ArrayList<>();
    vault().list(prefix, startAfter, name -> names.add(name.value()));
    return names;
  }

  static String read(Vault vault, ObjectName name) {
    return new String(vault.read(name, 1 << 20), UTF_8);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  static HoldfastException assertFails(ErrorCode code, Executable call) {
    HoldfastException failure = assertThrows(HoldfastException.class, call);
    assertEquals(code, failure.code(), failure::getMessage);
    return failure;
  }
}
