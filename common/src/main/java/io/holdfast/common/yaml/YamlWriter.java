package io.holdfast.common.yaml;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes trees in one form only: blocks, two spaces a level, a text bare where no reader could take
 * it for something else and in double quotes where one might. {@link YamlReader} reads the same
 * tree back, places aside.
 */
public final class YamlWriter {
  /** No indicator in front, no ": " or " #" inside, no space at either end. */
  private static final Pattern BARE =
      Pattern.compile("[A-Za-z0-9/_.](?:[A-Za-z0-9/_.,;@%+=()*?~<>!^$'-]|:(?=\\S)| (?=[^\\s#]))*");

  /** Words that a reader of YAML, this one or another, takes for nothing or for a truth value. */
  private static final Pattern TAKEN = Pattern.compile("(?i)null|y|n|yes|no|on|off|\\.nan|\\.inf");

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  public static String write(Node.Mapping document) {
    YamlWriter writer = new YamlWriter();
    writer.block(document, "");
    return writer.out.toString();
  }

  /** {@code text} as it stands for a value. */
  public static String scalar(String text) {
    return BARE.matcher(text).matches() && !TAKEN.matcher(text).matches() ? text : quoted(text);
  }

  private void block(Node node, String indent) {
    switch (node) {
      case Node.Mapping mapping -> keys(mapping.entries(), indent);
      case Node.Sequence sequence -> items(sequence.items(), indent);
      case Node.Scalar scalar -> out.append(indent).append(scalar(scalar.text())).append('\n');
      case Node.Nothing nothing -> out.append(indent).append("null\n");
    }
  }

  private void keys(Map<String, Node.Entry> entries, String indent) {
    if (entries.isEmpty()) {
      out.append(indent).append("{}\n");
    }
    entries.forEach((key, entry) -> {
      out.append(indent).append(scalar(key)).append(':');
      value(entry.value(), indent);
    });
  }

  private void items(List<Node> items, String indent) {
    if (items.isEmpty()) {
      out.append(indent).append("[]\n");
    }
    for (Node item : items) {
      int start = out.length();
      block(item, indent + "  ");
      out.setCharAt(start + indent.length(), '-');
    }
  }

  private void value(Node value, String indent) {
    if (isOneLine(value)) {
      out.append(' ');
      block(value, "");
    } else {
      out.append('\n');
      block(value, indent + "  ");
    }
  }

  private static boolean isOneLine(Node value) {
    return switch (value) {
      case Node.Mapping mapping -> mapping.entries().isEmpty();
      case Node.Sequence sequence -> sequence.items().isEmpty();
      case Node.Scalar scalar -> true;
      case Node.Nothing nothing -> true;
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> quoted.append(escaped(point)));
    return quoted.append('"').toString();
  }

  private static String escaped(int point) {
    return switch (point) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default -> isPlain(point) ? Character.toString(point) : String.format("\\U%08x", point);
    };
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
