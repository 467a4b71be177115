package io.holdfast.coordinator.catalog.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises; a subclass says how one is opened. */
abstract class KeyValueStoreContract {
  static final Family PLAIN = new Family(1, "plain", 0);
  static final Family FILTERED = new Family(2, "filtered", 3);
  static final List<Family> FAMILIES = List.of(PLAIN, FILTERED);

  @TempDir Path directory;
  private KeyValueStore store;

  /** Opens what {@code directory} holds, or a new store there. */
  abstract KeyValueStore open(Path directory);

  @BeforeEach
  void openStore() {
    store = open(directory.resolve("store"));
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void shouldGetWhatWasPut() {
    put(PLAIN, "a", "1");
    assertEquals(Optional.of("1"), get(store, PLAIN, "a"));
    assertEquals(Optional.empty(), get(store, PLAIN, "b"));
    assertEquals(Optional.empty(), get(store, FILTERED, "a"));
  }

  @Test
  void shouldLetTheLaterWriteOfABatchHold() {
    Batch batch = new Batch();
    batch.put(PLAIN, bytes("a"), bytes("1"));
    batch.put(PLAIN, bytes("a"), bytes("2"));
    batch.put(PLAIN, bytes("b"), bytes("1"));
    batch.delete(PLAIN, bytes("b"));
    batch.delete(PLAIN, bytes("c"));
    store.write(batch);
    assertEquals(Optional.of("2"), get(store, PLAIN, "a"));
    assertEquals(Optional.empty(), get(store, PLAIN, "b"));
  }

  @Test
  void shouldGetManyInTheOrderAsked() {
    put(PLAIN, "a", "1");
    put(PLAIN, "c", "3");
    var values = store.multiGet(PLAIN, List.of(bytes("c"), bytes("b"), bytes("a"), bytes("c")));
    assertEquals(
        List.of("3", "-", "1", "3"),
        values.stream().map(v -> v.map(KeyValueStoreContract::text).orElse("-")).toList());
    assertEquals(List.of(), store.multiGet(PLAIN, List.of()));
  }

  @Test
  void shouldScanOnlyThePrefixInUnsignedOrder() {
    for (String key : List.of("abc\u0000", "abc", "abcz", "abd", "ab", "xyz")) {
      put(FILTERED, key, key);
    }
    Batch high = new Batch();
    high.put(FILTERED, new byte[] {'a', 'b', 'c', (byte) 0xff}, bytes("high"));
    store.write(high);
    assertEquals(List.of("abc", "abc\u0000", "abcz", "high"), scan(store, FILTERED, "abc"));
    assertEquals(
        List.of("abc", "abc\u0000", "abcz", "high", "abd"), scan(store, FILTERED, "ab", 1));
    assertEquals(7, scan(store, FILTERED, "").size());
    assertEquals(List.of(), scan(store, FILTERED, "abe"));
    assertEquals(List.of(), scan(store, FILTERED, "zzzz"));
  }

  @Test
  void shouldSeekToAndFroWithOneCursor() {
    for (String key : List.of("aaa1", "aaa2", "bbb1", "ccc1")) {
      put(FILTERED, key, key);
    }
    store.flush();
    put(FILTERED, "bbb0", "bbb0");
    try (Cursor cursor = store.cursor(FILTERED)) {
      assertTrue(cursor.seek(bytes("ccc")));
      assertFalse(cursor.next());
      assertTrue(cursor.seek(bytes("bbb")));
      assertEquals("bbb0", text(cursor.key()));
      assertFalse(cursor.seek(bytes("bba")));
      assertTrue(cursor.seek(bytes("")));
      assertEquals("aaa1", text(cursor.value()));
      assertTrue(cursor.seek(bytes("aaa"), bytes("aaa2")));
      assertEquals("aaa2", text(cursor.key()));
      assertFalse(cursor.next());
    }
  }

  @Test
  void shouldShowAViewOnlyWhatWasThereBefore() {
    put(PLAIN, "a", "1");
    try (StoreView view = store.view()) {
      put(PLAIN, "a", "2");
      put(PLAIN, "b", "1");
      store.flush();
      assertEquals(Optional.of("1"), get(view, PLAIN, "a"));
      assertEquals(List.of("1"), scan(view, PLAIN, ""));
      assertFalse(view.multiGet(PLAIN, List.of(bytes("b"))).getFirst().isPresent());
    }
    assertEquals(List.of("2", "1"), scan(store, PLAIN, ""));
  }

  @Test
  void shouldShowACursorOnlyWhatWasThereWhenItWasMade() {
    put(PLAIN, "a", "1");
    try (Cursor cursor = store.cursor(PLAIN)) {
      assertTrue(cursor.seek(bytes("")));
      put(PLAIN, "b", "2");
      assertFalse(cursor.next());
    }
  }

  @Test
  void shouldKeepWhatWasFlushed() {
    put(PLAIN, "a", "1");
    put(FILTERED, "abc1", "2");
    store.flush();
    reopen();
    assertEquals(Optional.of("1"), get(store, PLAIN, "a"));
    assertEquals(List.of("2"), scan(store, FILTERED, "abc"));
  }

  @Test
  void shouldFallBackToAWholePrefixOfBatchesWhenNotFlushed() {
    for (int i = 0; i < 100; i++) {
      Batch batch = new Batch();
      batch.put(PLAIN, bytes("last"), bytes("" + i));
      batch.put(FILTERED, bytes("row" + i), bytes("" + i));
      store.write(batch);
      if (i == 40) {
        store.flush();
      }
    }
    reopen();
    int last = get(store, PLAIN, "last").map(Integer::parseInt).orElseThrow();
    assertTrue(last >= 40, "flushed batches are lost: " + last);
    assertEquals(last + 1, scan(store, FILTERED, "").size());
  }

  @Test
  void shouldOpenACheckpointWithAllThatWasWrittenBefore() {
    put(PLAIN, "a", "1");
    Path target = directory.resolve("checkpoint");
    store.checkpoint(target);
    put(PLAIN, "a", "2");
    try (KeyValueStore copy = open(target)) {
      assertEquals(Optional.of("1"), get(copy, PLAIN, "a"));
    }
    assertEquals(Optional.of("2"), get(store, PLAIN, "a"));
  }

  @Test
  void shouldRefuseReadsOnceClosed() {
    store.close();
    store.close();
    assertUnavailable(() -> store.get(PLAIN, bytes("a")));
    assertUnavailable(() -> store.cursor(PLAIN));
    assertUnavailable(store::view);
    assertUnavailable(store::flush);
  }

  @Test
  void shouldServeAnOpenViewToItsEndWhenTheStoreIsClosed() {
    put(PLAIN, "a", "1");
    try (StoreView view = store.view()) {
      try (Cursor cursor = view.cursor(PLAIN)) {
        store.close();
        assertTrue(cursor.seek(bytes("a")));
        assertArrayEquals(bytes("1"), view.get(PLAIN, bytes("a")).orElseThrow());
      }
    }
  }

  /** Against a sorted map, over random batches, scans and flushes. */
  @Test
  void everyHistoryReadsAsASortedMap() {
    long seed = 20260101;
    Random random = new Random(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int step = 0; step < 400; step++) {
      Batch batch = new Batch();
      for (int i = random.nextInt(5); i >= 0; i--) {
        String key = "k" + random.nextInt(4) + random.nextInt(4) + random.nextInt(4);
        if (random.nextInt(3) == 0) {
          batch.delete(FILTERED, bytes(key));
          model.remove(key);
        } else {
          batch.put(FILTERED, bytes(key), bytes("" + step));
          model.put(key, "" + step);
        }
      }
      store.write(batch);
      if (random.nextInt(50) == 0) {
        store.flush();
      }
      String prefix = "k" + random.nextInt(4) + random.nextInt(4);
      assertEquals(
          new ArrayList<>(model.subMap(prefix, prefix + "~").values()),
          scan(store, FILTERED, prefix),
          "seed " + seed + ", step " + step);
    }
    assertEquals(new ArrayList<>(model.values()), scan(store, FILTERED, ""), "seed " + seed);
  }

  void reopen() {
    store.close();
    store = open(directory.resolve("store"));
  }

  KeyValueStore store() {
    return store;
  }

  void put(Family family, String key, String value) {
    Batch batch = new Batch();
    batch.put(family, bytes(key), bytes(value));
    store.write(batch);
  }

  static Optional<String> get(Reads reads, Family family, String key) {
    return reads.get(family, bytes(key)).map(KeyValueStoreContract::text);
  }

  private static List<String> scan(Reads reads, Family family, String prefix) {
    return scan(reads, family, prefix, 0);
  }

  private static List<String> scan(Reads reads, Family family, String prefix, int skip) {
    List<String> values = new ArrayList<>();
    try (Cursor cursor = reads.cursor(family)) {
      for (boolean more = cursor.seek(bytes(prefix)); more; more = cursor.next()) {
        values.add(text(cursor.value()));
      }
    }
    return values.subList(skip, values.size());
  }

  private static void assertUnavailable(Runnable call) {
    HoldfastException refused = assertThrows(HoldfastException.class, call::run);
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(Arrays.copyOf(bytes, bytes.length), StandardCharsets.UTF_8);
  }
}
