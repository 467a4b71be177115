package io.holdfast.common.chunking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.holdfast.common.golden.Content;
import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentTaggerTest {
  @Test
  void shouldBeAsGoldenFilesSay() {
    for (List<String> line : Golden.lines("content-tags.txt")) {
      ContentTagger tagger = new ContentTagger(Bytes32.parse(line.get(0)));
      int length = Integer.parseInt(line.get(2));
      byte[] content = Content.random(Long.parseLong(line.get(1)), length);
      assertEquals(Long.parseUnsignedLong(line.get(3), 16), tagger.tag(content, 0, length));
    }
  }

  @Test
  void oneTaggerShouldTagContentAfterContentAnywhereInAnArray() {
    ContentTagger tagger = new ContentTagger(Bytes32.ZERO);
    byte[] content = Content.random(1, 3_000);
    byte[] moved = new byte[4_000];
    System.arraycopy(content, 0, moved, 777, content.length);
    long tag = tagger.tag(content, 0, content.length);
    assertEquals(tag, tagger.tag(moved, 777, content.length));
    assertNotEquals(tag, tagger.tag(content, 0, content.length - 1));
    assertNotEquals(tag, new ContentTagger(new Bytes32(1, 2, 3, 4)).tag(content, 0, 3_000));
  }
}
