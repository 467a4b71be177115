package io.holdfast.common.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.HoldfastException;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  private static List<Node> read(String text) {
    Problems problems = Problems.byColumn("the text");
    List<Node> documents = YamlReader.readAll("t", text, problems);
    problems.throwIfAny();
    return documents;
  }

  private static List<String> problems(String text) {
    return assertThrows(HoldfastException.class, () -> read(text))
        .getMessage()
        .lines()
        .skip(1)
        .toList();
  }

  private static Node.Entry entry(Node node, String key) {
    return assertInstanceOf(Node.Mapping.class, node).entries().get(key);
  }

  @Test
  void shouldSayWhereKeysAndValuesStand() {
    Node top = read("a:\n  b: {c: 1, d: [x, yy]}\n").getFirst();
    Node.Entry b = entry(entry(top, "a").value(), "b");
    assertEquals("t:2:3", b.origin().exact());
    assertEquals("t:2:7", entry(b.value(), "c").origin().exact());
    Node.Entry d = entry(b.value(), "d");
    assertEquals("t:2:13", d.origin().exact());
    Node.Sequence items = assertInstanceOf(Node.Sequence.class, d.value());
    assertEquals("t:2:20", items.items().get(1).origin().exact());
  }

  @Test
  void shouldReadEveryDocumentAndKeepLinesCounting() {
    List<Node> documents = read("---\na: 1\n---\n# nothing here\n---\na: 2\n");
    assertEquals(3, documents.size());
    assertEquals("t:2:1", entry(documents.get(0), "a").origin().exact());
    assertInstanceOf(Node.Nothing.class, documents.get(1));
    assertEquals("t:6:1", entry(documents.get(2), "a").origin().exact());
    assertEquals(List.of(), read(""));
  }

  @Test
  void scalarsShouldStayTexts() {
    Node top =
        read("a: 1.10\nb: 0x1f\nc: no\nd: 22:00\ne: 1_000\nf: \"null\"\ng: 007\n").getFirst();
    List<String> texts =
        assertInstanceOf(Node.Mapping.class, top).entries().values().stream()
            .map(entry -> assertInstanceOf(Node.Scalar.class, entry.value()).text())
            .toList();
    assertEquals(List.of("1.10", "0x1f", "no", "22:00", "1_000", "null", "007"), texts);
  }

  @Test
  void shouldReportEverythingTwiceAliasedOrTooDeep() {
    assertEquals(
        List.of(
            "t:2:1: \"a\" is given twice, first in line 1",
            "t:3:6: an alias (*) isn't supported: write the value out",
            "t:4:20: nested deeper than 12 levels"),
        problems("a: &x 1\na: 2\nb: [ *x ]\nc: [[[[[[[[[[[    [[[[]]]]]]]]]]]]]]]\n"));
  }

  @Test
  void aBombOfAliasesShouldCostNothing() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 40; level++) {
      bomb.append("a%d: &a%d ".formatted(level, level)).append("[");
      bomb.append(("*a" + (level - 1) + ", ").repeat(9)).append("]\n");
    }
    List<String> problems = problems(bomb.toString());
    assertEquals(51, problems.size());
    assertEquals("and 301 more", problems.getLast());
  }

  @Test
  void whatIsNoYamlShouldBeOneProblemInItsPlace() {
    List<String> problems = problems("a: 1\nb: [1, 2\nc: 3\n");
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().startsWith("t:3:2: not valid YAML: "), problems.toString());
  }
}
