package io.holdfast.deploy.output;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Named values in order: one object for programs, lines or a table's row for people. Keys are
 * snake_case and, once released, for ever. Belongs to one thread.
 */
public final class Fields {
  private final Map<String, Value> values = new LinkedHashMap<>();

  Map<String, Value> values() {
    return values;
  }

  private Fields put(String key, Value value) {
    values.put(key, value);
    return this;
  }

  /** Words; left out if empty. */
  public Fields text(String key, String text) {
    return text.isEmpty() ? this : put(key, new Value.Text(text));
  }

  public Fields count(String key, long count) {
    return put(key, new Value.Count(count));
  }

  /** A size in bytes. */
  public Fields size(String key, long bytes) {
    return put(key, new Value.Size(bytes));
  }

  public Fields flag(String key, boolean flag) {
    return put(key, new Value.Flag(flag));
  }

  /** A time in milliseconds since 1970; left out if 0. */
  public Fields time(String key, long millis) {
    return millis == 0 ? this : time(key, Instant.ofEpochMilli(millis));
  }

  public Fields time(String key, Instant time) {
    return put(key, new Value.Moment(time));
  }

  public Fields duration(String key, Duration duration) {
    return put(key, new Value.Span(duration));
  }

  /** An id; left out if empty. */
  public Fields id(String key, ByteString bytes) {
    return bytes.isEmpty() ? this : put(key, new Value.Id(bytes));
  }

  /** A path or another name of the host's own making; left out if empty. */
  public Fields name(String key, ByteString bytes) {
    return bytes.isEmpty() ? this : put(key, new Value.Name(bytes));
  }

  public Fields group(String key, Fields fields) {
    return put(key, new Value.Group(fields));
  }

  /** Labels of a host, by their keys. */
  public Fields labels(String key, Map<String, String> labels) {
    return put(key, new Value.Labels(new TreeMap<>(labels)));
  }

  public Fields names(String key, List<ByteString> names) {
    return many(key, names, Value.Name::new);
  }

  public Fields ids(String key, List<ByteString> ids) {
    return many(key, ids, Value.Id::new);
  }

  public Fields texts(String key, List<String> texts) {
    return many(key, texts, Value.Text::new);
  }

  public Fields groups(String key, List<Fields> groups) {
    return many(key, groups, Value.Group::new);
  }

  private <T> Fields many(String key, List<T> items, Function<T, Value> toValue) {
    return put(key, new Value.Many(items.stream().map(toValue).toList()));
  }
}
