package io.holdfast.agent.backup;

import io.holdfast.bench.Content;
import io.holdfast.bench.Work;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What an agent shows with a page that it uploads: id and {@code own} of all it refers to. */
@State(Scope.Thread)
public class PageReferences {
  private static final int REFERENCES = 500;

  private final byte[] keys = Content.noise(REFERENCES * Bytes32.LENGTH);
  private final List<Reference> references =
      IntStream.range(0, REFERENCES)
          .mapToObj(i -> Bytes32.read(keys, i * Bytes32.LENGTH))
          .map(k -> new Reference(ChunkKind.DATA, k))
          .toList();

  @Benchmark
  public Object show(Work work) {
    work.items += REFERENCES;
    return Possession.of(references);
  }
}
