package io.holdfast.deploy.output;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One value of a result, typed by how it is to be shown. */
sealed interface Value {
  /** Words. */
  record Text(String text) implements Value {}

  /** How many. */
  record Count(long count) implements Value {}

  /** A size in bytes. */
  record Size(long bytes) implements Value {}

  record Flag(boolean flag) implements Value {}

  record Moment(Instant time) implements Value {}

  record Span(Duration duration) implements Value {}

  /** An id: in full for programs, its first digits for people. */
  record Id(ByteString bytes) implements Value {}

  /** A name of the host's own making, as bytes. */
  record Name(ByteString bytes) implements Value {}

  record Group(Fields fields) implements Value {}

  /** Labels of a host: their keys are people's words, not ours. */
  record Labels(SortedMap<String, String> labels) implements Value {
    public Labels {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
  }

  record Many(List<Value> values) implements Value {
    public Many {
      values = List.copyOf(values);
    }
  }
}
