package io.holdfast.common.yaml;

import java.util.List;
import java.util.Map;

/** A YAML document with the line of everything in it. */
public sealed interface Node {
  Origin origin();

  /** What it is, for a message about having expected something else. */
  String described();

  /** Text as it stands, unquoted; {@code ${NAME}} not yet replaced. */
  record Scalar(Origin origin, String text) implements Node {
    @Override
    public String described() {
      return "\"" + text + "\"";
    }
  }

  /** A key without a value. */
  record Nothing(Origin origin) implements Node {
    @Override
    public String described() {
      return "nothing";
    }
  }

  /** Items in order. */
  record Sequence(Origin origin, List<Node> items) implements Node {
    @Override
    public String described() {
      return "a list";
    }
  }

  /** Keys in the file's order, each with the place of the key itself. */
  record Mapping(Origin origin, Map<String, Entry> entries) implements Node {
    @Override
    public String described() {
      return "a section of keys";
    }
  }

  /** One key of a mapping. */
  record Entry(Origin origin, Node value) {}
}
