package io.holdfast.coordinator.catalog;

import io.holdfast.bench.Work;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.catalog.store.RocksStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Look-ups in a catalog of a million chunks, in RocksDB, as the queries of agents make them. */
@State(Scope.Thread)
public class Index {
  /** The property that says where {@link #fill} made the catalog. */
  public static final String DIRECTORY = "holdfast.bench.index";

  /** Ids of one query, as agents send them. */
  private static final int BATCH = 256;

  private static final int BATCHES = 2_000;

  /**
   * near: what one pack after another holds; far: from everywhere; absent: what was never stored.
   */
  @Param({"near", "far", "absent"})
  public String ids;

  private final HostId host = GeneratedJournal.HOST;
  private final List<List<ChunkRef>> batches = new ArrayList<>();
  private RocksStore store;
  private Catalog catalog;
  private int at;

  /** Makes the catalog in {@code directory}, once for all that measure it. */
  public static void fill(Path directory) {
    GeneratedJournal journal = new GeneratedJournal();
    try (Catalog catalog = Catalog.open(store(directory), journal, CatalogConfig.defaults())) {
      journal.applyTo(catalog);
    }
  }

  private static RocksStore store(Path directory) {
    return RocksStore.open(directory, Catalog.families(), RocksConfig.defaults());
  }

  @Setup
  public void open() {
    store = store(Path.of(System.getProperty(DIRECTORY)));
    catalog = Catalog.open(store, new GeneratedJournal(), CatalogConfig.defaults());
    SplittableRandom random = new SplittableRandom(7);
    IntStream.range(0, BATCHES).forEach(i -> batches.add(batch(random)));
    if (found(batches.getFirst()) != (ids.equals("absent") ? 0 : BATCH)) {
      throw new IllegalStateException("the index doesn't hold what it was filled with");
    }
  }

  private List<ChunkRef> batch(SplittableRandom random) {
    int first = random.nextInt(GeneratedJournal.CHUNKS - BATCH);
    IntUnaryOperator number =
        switch (ids) {
          case "near" -> i -> first + i;
          case "far" -> i -> random.nextInt(GeneratedJournal.CHUNKS);
          case "absent" -> i -> GeneratedJournal.CHUNKS + first + i;
          default -> throw new IllegalArgumentException("no ids are named " + ids);
        };
    return IntStream.range(0, BATCH)
        .map(number)
        .mapToObj(n -> new ChunkRef(ChunkKind.DATA, new ChunkId(GeneratedJournal.id(n))))
        .toList();
  }

  /** The whole of a query: which of these chunks count for the host. */
  @Benchmark
  public int query(Work work) {
    work.items += BATCH;
    return found(next());
  }

  private int found(List<ChunkRef> refs) {
    try (CatalogView view = catalog.view()) {
      return view.chunks().counts(host, refs).cardinality();
    }
  }

  /** RocksDB's part of that and nothing else: a limit. */
  @Benchmark
  public int seek(Work work) {
    int found = 0;
    try (Cursor cursor = store.cursor(Families.INDEX)) {
      for (ChunkRef ref : next()) {
        found += cursor.seek(Keys.indexPrefix(ref)) ? 1 : 0;
      }
    }
    work.items += BATCH;
    return found;
  }

  private List<ChunkRef> next() {
    at = (at + 1) % BATCHES;
    return batches.get(at);
  }

  @TearDown
  public void close() {
    catalog.abandon();
  }
}
