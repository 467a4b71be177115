package io.holdfast.agent.backup;

import io.holdfast.bench.Tree;
import io.holdfast.bench.Work;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.page.PageTree;
import io.holdfast.common.page.PageTreeWriter;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A walk that finds nothing changed, merged with its base, to the new snapshot's pages. */
@State(Scope.Thread)
public class PageMerge {
  private final Tree tree = new Tree();

  @Benchmark
  public PageTree merge(Work work) {
    BaseCursor base = new BaseCursor(Optional.of(tree.open().entries()));
    PageTreeWriter writer = tree.writer((plaintext, references, summary) -> tree.name(plaintext));
    for (Node found : tree.entries()) {
      Node old = base.at(found.path()).orElseThrow();
      writer.add(old.metadata().equals(found.metadata()) ? old : found);
    }
    work.items += tree.entries().size();
    return writer.finish(List.of(Octets.utf8("/home")));
  }

  @TearDown
  public void close() {
    tree.close();
  }
}
