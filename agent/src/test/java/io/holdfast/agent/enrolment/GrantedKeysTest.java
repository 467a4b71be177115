package io.holdfast.agent.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.seam.SeededRandomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent takes for its keys, and what not. */
class GrantedKeysTest {
  private static final RepositoryId REPOSITORY = RepositoryId.of(new byte[16]);
  private static final Bytes32 RECOVERY = new Bytes32(1, 2, 3, 4);

  @TempDir Path directory;

  private final SeededRandomness randomness = new SeededRandomness(3);
  private final RepositoryKeys first = RepositoryKeys.generate(REPOSITORY, randomness);
  private final RepositoryKeys second = first.withNextGeneration(randomness);
  private final AtomicReference<KeyGrant> answer = new AtomicReference<>();
  private final AtomicInteger asked = new AtomicInteger();
  private StateDirectory state;
  private GrantedKeys keys;

  @BeforeEach
  void enrol() {
    state = StateDirectory.open(directory.resolve("state"));
    keys =
        new GrantedKeys(
            state,
            first.grant(RECOVERY),
            () -> {
              asked.incrementAndGet();
              return answer.get();
            });
    answer.set(second.grant(RECOVERY));
  }

  private void assertRefused(KeyGrant grant) {
    answer.set(grant);
    HoldfastException why = assertThrows(HoldfastException.class, () -> keys.get(2));
    assertEquals(ErrorCode.MALFORMED, why.code(), why.getMessage());
    assertEquals(1, keys.all().size());
    assertTrue(Files.notExists(state.grant()), "nothing was written");
  }

  @Test
  void shouldAskForAGenerationOnceAndKeepIt() {
    assertEquals(1, keys.get(1).generation());
    assertEquals(0, asked.get(), "what is known isn't asked for");
    assertTrue(keys.find(2).isEmpty(), "nor is it by a look");
    ChunkKeys learned = keys.get(2);
    assertEquals(2, learned.generation());
    assertSame(learned, keys.get(2));
    assertEquals(1, asked.get());
    assertEquals(List.of(1, 2), keys.all().stream().map(ChunkKeys::generation).toList());
    assertTrue(Files.exists(state.grant()), "it is durable");
  }

  @Test
  void shouldNotInventAGenerationThatTheCoordinatorHasNotEither() {
    HoldfastException why = assertThrows(HoldfastException.class, () -> keys.get(7));
    assertEquals(ErrorCode.KEY_UNAVAILABLE, why.code());
    assertEquals(1, keys.all().size());
  }

  @Test
  void shouldRefuseAnAnswerThatChangesWhatItHas() {
    RepositoryKeys foreign =
        RepositoryKeys.generate(REPOSITORY, randomness).withNextGeneration(randomness);
    assertRefused(foreign.grant(RECOVERY));
    assertRefused(second.grant(new Bytes32(1, 2, 3, 5)));
    RepositoryId other = RepositoryId.of(randomness.bytes(16));
    assertRefused(new KeyGrant(other, second.generations(), RECOVERY));
  }

  @Test
  void aHostOfAPrivateRepositoryShouldTakeNoKeysFromAnybody() {
    KeyGrant own =
        new KeyGrant(
            REPOSITORY, first.generations(), RECOVERY, Optional.of(new Bytes32(9, 9, 9, 9)));
    GrantedKeys kept =
        new GrantedKeys(
            state,
            own,
            () -> {
              throw new AssertionError("nobody is asked");
            });
    assertEquals(1, kept.get(1).generation());
    HoldfastException why = assertThrows(HoldfastException.class, () -> kept.get(2));
    assertEquals(ErrorCode.KEY_UNAVAILABLE, why.code(), why.getMessage());
    assertTrue(Files.notExists(state.grant()));
    assertRefused(
        new KeyGrant(
            REPOSITORY, second.generations(), RECOVERY, Optional.of(new Bytes32(9, 9, 9, 9))));
  }
}
