package io.holdfast.common.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads YAML into trees that know their places. Keys given twice and aliases are problems; a text
 * that isn't YAML is one problem, and what stood before it is returned.
 */
public final class YamlReader {
  private static final int DEPTH_MAX = 12;
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final String file;
  private final Problems problems;
  private final YAMLParser parser;

  private YamlReader(String file, Problems problems, YAMLParser parser) {
    this.file = file;
    this.problems = problems;
    this.parser = parser;
  }

  /** The keys of a text that is one document; an empty mapping beside problems if it isn't. */
  public static Node.Mapping read(String file, String text, Problems problems) {
    Node.Mapping empty = new Node.Mapping(new Origin(file, 1, 1), Map.of());
    List<Node> documents = readAll(file, text, problems);
    if (documents.isEmpty()) {
      return empty;
    }
    if (documents.size() > 1) {
      problems.add(documents.get(1).origin(), "a second document: write one only");
    }
    if (documents.getFirst() instanceof Node.Mapping mapping) {
      return mapping;
    }
    Node top = documents.getFirst();
    problems.add(top.origin(), "expected keys and values, got " + top.described());
    return empty;
  }

  /** The documents of a text in its order, empty ones included. */
  public static List<Node> readAll(String file, String text, Problems problems) {
    List<Node> documents = new ArrayList<>();
    try (YAMLParser parser = FACTORY.createParser(text)) {
      new YamlReader(file, problems, parser).documents(documents);
    } catch (JsonProcessingException e) {
      problems.add(origin(file, e.getLocation()), "not valid YAML: " + firstLine(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reading from a string
    }
    return documents;
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }

  private static Origin origin(String file, JsonLocation location) {
    return location == null
        ? new Origin(file, 1, 1)
        : new Origin(file, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  private void documents(List<Node> out) throws IOException {
    while (parser.nextToken() != null) {
      out.add(value(0));
    }
  }

  private Origin here() {
    return origin(file, parser.currentTokenLocation());
  }

  private Node value(int depth) throws IOException {
    Origin origin = here();
    if (depth > DEPTH_MAX) {
      problems.add(origin, "nested deeper than " + DEPTH_MAX + " levels");
      parser.skipChildren();
      return new Node.Nothing(origin);
    }
    if (parser.isCurrentAlias()) {
      problems.add(origin, "an alias (*) isn't supported: write the value out");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(origin, depth);
      case START_ARRAY -> sequence(origin, depth);
      case VALUE_NULL -> new Node.Nothing(origin);
      default -> new Node.Scalar(origin, parser.getText());
    };
  }

  private Node mapping(Origin origin, int depth) throws IOException {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Origin place = here();
      parser.nextToken();
      Node.Entry earlier = entries.putIfAbsent(key, new Node.Entry(place, value(depth + 1)));
      if (earlier != null) {
        problems.add(
            place, "\"" + key + "\" is given twice, first in line " + earlier.origin().line());
      }
    }
    return new Node.Mapping(origin, entries);
  }

  private Node sequence(Origin origin, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(depth + 1));
    }
    return new Node.Sequence(origin, items);
  }
}
