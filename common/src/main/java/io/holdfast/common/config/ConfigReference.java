package io.holdfast.common.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A commented configuration file with every key of a record, from the same definitions that load
 * it: required keys stand open, the others commented out with their defaults. It loads once the
 * required keys have values.
 */
public final class ConfigReference {
  private static final int COLUMNS = 100;
  private static final String INDENT = "  ";

  private ConfigReference() {}

  /** The file's text; {@code title} is its first line. */
  public static String print(String title, Class<? extends Record> type) {
    StringBuilder out = new StringBuilder("# " + title + "\n");
    wrap("Keys that are commented out show their defaults.", "").forEach(line -> line(out, line));
    line(out, "version: " + ConfigLoader.VERSION);
    section(out, type, "");
    return out.toString();
  }

  private static void line(StringBuilder out, String line) {
    out.append(line).append('\n');
  }

  private static void section(StringBuilder out, Class<?> type, String indent) {
    for (SettingKey key : SettingKey.of(type)) {
      line(out, "");
      wrap(documentation(key), indent).forEach(line -> line(out, line));
      if (key.isSection()) {
        line(out, indent + key.name() + ":");
        section(out, key.item(), indent + INDENT);
      } else {
        key(out, key, indent);
      }
    }
  }

  private static String documentation(SettingKey key) {
    Setting setting = key.setting();
    StringBuilder out = new StringBuilder(setting.doc());
    if (key.isSection()) {
      return out.toString();
    }
    List<String> facts = new ArrayList<>(List.of(described(key)));
    if (!setting.min().isEmpty()) {
      facts.add("at least " + setting.min());
    }
    if (!setting.max().isEmpty()) {
      facts.add("at most " + setting.max());
    }
    facts.addAll(setting.required() ? List.of("required") : List.of());
    return out.append(" (").append(String.join(", ", facts)).append(")").toString();
  }

  private static String described(SettingKey key) {
    String item = key.valueType().described();
    return switch (key.shape()) {
      case LIST -> "list; each " + item;
      case MAP -> "keys and values; each value " + item;
      case SCALAR, OPTIONAL, SECTION ->
          key.isSecret() ? item + "; or " + key.name() + SettingKey.FILE_SUFFIX : item;
    };
  }

  private static void key(StringBuilder out, SettingKey key, String indent) {
    String text = key.setting().byDefault();
    String comment = key.setting().required() ? "" : "#";
    String value =
        switch (key.shape()) {
          case LIST -> "[" + text + "]";
          case MAP -> "{}";
          case SCALAR, OPTIONAL, SECTION -> text.isEmpty() ? "\"\"" : text;
        };
    line(out, indent + comment + key.name() + ": " + value);
  }

  private static List<String> wrap(String text, String indent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (indent.length() + 2 + line.length() + word.length() > COLUMNS) {
        lines.add(indent + "# " + line.toString().stripTrailing());
        line.setLength(0);
      }
      line.append(word).append(' ');
    }
    lines.add(indent + "# " + line.toString().stripTrailing());
    return lines;
  }
}
