package io.holdfast.deploy.output;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * Fields as one line of JSON (RFC 8259). A name that isn't UTF-8 has its bad bytes replaced and is
 * followed by {@code <key>_base64} with the exact bytes.
 */
final class JsonText {
  private static final String BASE64_SUFFIX = "_base64";

  private final StringBuilder out = new StringBuilder();

  private JsonText() {}

  static String of(String messageType, Fields fields) {
    JsonText json = new JsonText();
    json.out.append("{\"message_type\":");
    json.string(messageType);
    json.members(fields, true);
    return json.out.append('}').toString();
  }

  private void members(Fields fields, boolean after) {
    boolean comma = after;
    for (Map.Entry<String, Value> entry : fields.values().entrySet()) {
      out.append(comma ? "," : "");
      comma = true;
      member(entry.getKey(), entry.getValue());
    }
  }

  private void member(String key, Value value) {
    string(key);
    out.append(':');
    value(value);
    if (value instanceof Value.Name(ByteString bytes) && !bytes.isValidUtf8()) {
      out.append(',');
      string(key + BASE64_SUFFIX);
      out.append(':');
      string(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
  }

  private void value(Value value) {
    switch (value) {
      case Value.Text(String text) -> string(text);
      case Value.Count(long count) -> out.append(count);
      case Value.Size(long bytes) -> out.append(bytes);
      case Value.Flag(boolean flag) -> out.append(flag);
      case Value.Moment(Instant time) -> string(time.truncatedTo(ChronoUnit.MILLIS).toString());
      case Value.Span(Duration duration) -> seconds(duration);
      case Value.Id(ByteString bytes) -> string(HexFormat.of().formatHex(bytes.toByteArray()));
      case Value.Name(ByteString bytes) -> string(bytes.toString(StandardCharsets.UTF_8));
      case Value.Group(Fields fields) -> {
        out.append('{');
        members(fields, false);
        out.append('}');
      }
      case Value.Labels(SortedMap<String, String> labels) -> object(labels);
      case Value.Many many -> array(many);
    }
  }

  private void seconds(Duration duration) {
    out.append(duration.toSeconds());
    if (duration.toMillisPart() != 0) {
      out.append('.').append(Integer.toString(1_000 + duration.toMillisPart()).substring(1));
    }
  }

  private void object(SortedMap<String, String> labels) {
    out.append('{');
    String comma = "";
    for (Map.Entry<String, String> label : labels.entrySet()) {
      out.append(comma);
      comma = ",";
      string(label.getKey());
      out.append(':');
      string(label.getValue());
    }
    out.append('}');
  }

  private void array(Value.Many many) {
    out.append('[');
    String comma = "";
    for (Value each : many.values()) {
      out.append(comma);
      comma = ",";
      value(each);
    }
    out.append(']');
  }

  private void string(String text) {
    out.append('"');
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (each == '"' || each == '\\') {
        out.append('\\').append(each);
      } else if (each < ' ' || each == 0x7f || Character.isSurrogate(each)) {
        out.append("\\u").append(HexFormat.of().toHexDigits(each));
      } else {
        out.append(each);
      }
    }
    out.append('"');
  }
}
