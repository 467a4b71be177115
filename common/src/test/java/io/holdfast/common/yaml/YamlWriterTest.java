package io.holdfast.common.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
  private static final Origin NOWHERE = Origin.words("a test");

  @Test
  void shouldWriteBlocksAndQuoteOnlyWhatNeedsIt() {
    Node.Mapping items = mapping(Map.of("k", scalar("v")));
    Map<String, Node> keys = new LinkedHashMap<>();
    keys.put("cron", scalar("0 2 * * *"));
    keys.put("nickname", scalar("@daily"));
    keys.put("when", scalar("22:00-06:00"));
    keys.put("glob", scalar("*.tmp"));
    keys.put("no", scalar("no"));
    keys.put("text", scalar("a: b # c\n\"d\""));
    keys.put("none", scalar(""));
    keys.put("list", sequence(List.of(scalar("x"), items, sequence(List.of(scalar("deep"))))));
    keys.put("empty", sequence(List.of()));
    keys.put("section", mapping(Map.of("empty", mapping(Map.of()))));
    assertEquals(
        """
        cron: 0 2 * * *
        nickname: "@daily"
        when: 22:00-06:00
        glob: "*.tmp"
        "no": "no"
        text: "a: b # c\\n\\"d\\""
        none: ""
        list:
          - x
          - k: v
          - - deep
        empty: []
        section:
          empty: {}
        """,
        YamlWriter.write(mapping(keys)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTreeReadsBack(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      Node.Mapping tree = mapping(keys(random, 0));
      String text = YamlWriter.write(tree);
      Problems problems = Problems.byColumn("seed " + seed + ", round " + round);
      Node.Mapping back = YamlReader.read("t", text, problems);
      problems.throwIfAny();
      assertEquals(plain(tree), plain(back), "seed " + seed + ", round " + round + ":\n" + text);
    }
  }

  private static Map<String, Node> keys(Random random, int depth) {
    Map<String, Node> keys = new LinkedHashMap<>();
    for (int count = random.nextInt(5); count > 0; count--) {
      keys.put(text(random), node(random, depth + 1));
    }
    return keys;
  }

  private static Node node(Random random, int depth) {
    int kind = depth > 4 ? 0 : random.nextInt(5);
    return switch (kind) {
      case 1 -> mapping(keys(random, depth));
      case 2 -> {
        List<Node> items = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
          items.add(node(random, depth + 1));
        }
        yield sequence(items);
      }
      case 3 -> new Node.Nothing(NOWHERE);
      default -> scalar(text(random));
    };
  }

  private static String text(Random random) {
    String signs = "ab0 :#-*&!|>'\"%@`{}[],?\\\n\t~=<._/\u0001\u00e4\u2028\u200b\ufeff\u4e2d";
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(6); length > 0; length--) {
      if (random.nextInt(20) == 0) {
        text.appendCodePoint(0x1f600);
      } else {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
    }
    return random.nextInt(20) == 0 ? "null" : text.toString();
  }

  private static Node.Scalar scalar(String text) {
    return new Node.Scalar(NOWHERE, text);
  }

  private static Node.Sequence sequence(List<Node> items) {
    return new Node.Sequence(NOWHERE, items);
  }

  private static Node.Mapping mapping(Map<String, Node> keys) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    keys.forEach((key, value) -> entries.put(key, new Node.Entry(NOWHERE, value)));
    return new Node.Mapping(NOWHERE, entries);
  }

  /** Without places. */
  private static Object plain(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> {
        Map<String, Object> keys = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> keys.put(key, plain(entry.value())));
        yield List.of("keys", keys);
      }
      case Node.Sequence sequence -> sequence.items().stream().map(YamlWriterTest::plain).toList();
      case Node.Scalar scalar -> scalar.text();
      case Node.Nothing nothing -> List.of("nothing");
    };
  }
}
