package io.holdfast.common.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.golden.Content;
import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RepositoryId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenChunkTest {
  private static final HexFormat HEX = HexFormat.of();

  private record Line(
      ChunkKeys keys, ChunkKey key, Bytes32 own, ChunkId id, List<ChunkRef> references) {}

  private static Line line(List<String> words) {
    ChunkKeys keys =
        ChunkKeys.derive(
            RepositoryId.parse(words.get(0)),
            Integer.parseInt(words.get(2)),
            Bytes32.parse(words.get(1)),
            Bytes32.ZERO);
    ChunkKind kind = ChunkKind.of(Integer.parseInt(words.get(3)));
    return new Line(
        keys,
        new ChunkKey(kind, Bytes32.parse(words.get(7))),
        Bytes32.parse(words.get(8)),
        ChunkId.parse(words.get(9)),
        references(words.get(10)));
  }

  private static List<ChunkRef> references(String word) {
    List<ChunkRef> references = new ArrayList<>();
    byte[] bytes = word.equals("-") ? new byte[0] : HEX.parseHex(word);
    for (int at = 0; at < bytes.length; at += ChunkRef.LENGTH) {
      references.add(new ChunkRef(ChunkKind.of(bytes[at]), ChunkId.read(bytes, at + 1)));
    }
    return references;
  }

  private static byte[] content(List<String> words) {
    return Content.of(words.get(4), Long.parseLong(words.get(5)), Integer.parseInt(words.get(6)));
  }

  @Test
  void shouldOpenChunksOfGoldenFiles() {
    for (List<String> words : Golden.lines("sealed-chunks.txt")) {
      Line line = line(words);
      byte[] sealed = HEX.parseHex(words.get(11));
      try (ChunkOpener opener = new ChunkOpener(List.of(line.keys))) {
        assertArrayEquals(content(words), opener.open(line.key, sealed, 0, sealed.length));
      }
      ChunkRef named = new ChunkRef(line.key.kind(), line.id);
      SealedHeader header = SealedHeader.parse(named, sealed, 0, sealed.length);
      assertEquals(line.references.size(), header.referenceCount());
      for (int i = 0; i < header.referenceCount(); i++) {
        assertEquals(line.references.get(i), header.reference(i));
      }
    }
  }

  @Test
  void shouldNameContentAsGoldenFilesDo() {
    for (List<String> words : Golden.lines("sealed-chunks.txt")) {
      Line line = line(words);
      byte[] plain = content(words);
      ChunkKey key = new ContentMac(line.keys).key(line.key.kind(), plain, 0, plain.length);
      assertEquals(line.key, key);
      assertEquals(line.own, key.own());
      assertEquals(line.id, key.id());
    }
  }

  @Test
  void shouldSealRawChunksToTheBytesOfGoldenFiles() {
    int number = 0;
    for (List<String> words : Golden.lines("sealed-chunks.txt")) {
      number++;
      byte[] expected = HEX.parseHex(words.get(11));
      if (expected[2] == Codec.RAW.number()) {
        byte nonce = (byte) number;
        Line line = line(words);
        SealOptions raw = new SealOptions(0, SealCheck.OPENING);
        byte[] plain = content(words);
        try (ChunkSealer sealer = new ChunkSealer(line.keys, raw, out -> Arrays.fill(out, nonce))) {
          SealedChunk chunk = sealer.seal(line.key, plain, 0, plain.length, line.references);
          assertArrayEquals(expected, chunk.bytes());
        }
      }
    }
  }

  @Test
  void shouldDeriveOtherKeysOfGoldenFile() {
    List<String> words = Golden.lines("chunk-keys.txt").getFirst();
    ChunkKeys keys =
        ChunkKeys.derive(SealingKit.REPOSITORY, 1, Bytes32.parse(words.get(0)), Bytes32.ZERO);
    assertEquals(Bytes32.parse(words.get(1)), keys.mapKey());
    assertEquals(Bytes32.parse(words.get(2)), keys.tagKey());
  }
}
