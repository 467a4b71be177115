package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.ingest.AskedChunks;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves single chunks while a host asks for them, with the keys that it brings: it has the content
 * as well, so K is the same, and neither the walk from a root nor the commit of the host that
 * uploaded it need be waited for.
 *
 * <ol>
 *   <li>I1: a key opens nothing unless the chunk's id follows from it. So whoever asks can neither
 *       have a chunk of somebody else's called lost, nor have garbage called good: the id is the
 *       hash of what follows from K, and K is the hash of the content.
 *   <li>I2: when {@link #prove} returns, the findings are in the journal and in the catalog.
 * </ol>
 *
 * <p>Any thread; each call reads in its caller's, a run of a pack at a time, unpaced: it takes the
 * place of an upload.
 */
public final class AskedProof implements AskedChunks, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AskedProof.class);

  private final ProofPorts ports;
  private volatile boolean stopping;

  public AskedProof(ProofPorts ports) {
    this.ports = ports;
  }

  @Override
  public boolean keysWanted() {
    return true;
  }

  @Override
  public void prove(Map<ChunkRef, ChunkKey> asked) throws InterruptedException {
    ProofRecorder proofs = new ProofRecorder(ports, ProofLevel.PROOF_LEVEL_PROVEN);
    ProvingScope scope = new ProvingScope(ports, proofs, new LossRecorder(ports));
    try (ChunkExam exam = ports.exams().get()) {
      List<WalkItem> items = items(asked, exam);
      new EntryBatch(
              ports, Examiners.caller(exam), bytes -> stopIfAsked(), scope, Location::present)
          .examine(items, (page, references) -> {});
    } catch (HoldfastException e) {
      if (e.kind() != ErrorKind.RETRY) {
        throw e;
      }
      LOG.debug("not proven, so it is uploaded again: {}", e.getMessage());
    }
    proofs.flush();
  }

  /** I1. */
  private static List<WalkItem> items(Map<ChunkRef, ChunkKey> asked, ChunkExam exam) {
    List<WalkItem> items = new ArrayList<>(asked.size());
    asked.forEach((chunk, key) -> {
      if (!exam.ref(key).equals(chunk)) {
        throw new HoldfastException(
            ErrorCode.MALFORMED, "the key that came with " + chunk + " is another chunk's");
      }
      items.add(new WalkItem(chunk, Optional.of(key)));
    });
    return items;
  }

  private void stopIfAsked() {
    if (stopping) {
      throw new HoldfastException(ErrorCode.CANCELLED, "the coordinator is stopping; try again");
    }
  }

  /** Ends what is under way at its next read. */
  @Override
  public void close() {
    stopping = true;
  }
}
