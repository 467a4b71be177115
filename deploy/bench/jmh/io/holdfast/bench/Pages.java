package io.holdfast.bench;

import io.holdfast.common.page.PageTree;
import io.holdfast.common.page.TreeCursor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Entries to pages, each named by its K, and back. */
@State(Scope.Thread)
public class Pages {
  private final Tree tree = new Tree();

  @Benchmark
  public PageTree write(Work work) {
    work.items += tree.entries().size();
    return tree.write((plaintext, references, summary) -> tree.name(plaintext));
  }

  @Benchmark
  public void read(Work work, Blackhole hole) {
    TreeCursor cursor = tree.open().entries();
    while (cursor.next()) {
      hole.consume(cursor.entry());
    }
    work.items += tree.entries().size();
  }

  @TearDown
  public void close() {
    tree.close();
  }
}
