package io.holdfast.deploy.output;

import com.google.protobuf.ByteString;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Values for people: rounded, in their own time zone, ids cut short, names made safe. */
public final class PeopleText {
  private static final int ID_BYTES_SHOWN = 5;

  /** End of keys whose values say their own unit. */
  private static final String BYTES = "_bytes";

  private final ZoneId zone;
  private final DateTimeFormatter times;

  PeopleText(ZoneId zone) {
    this.zone = zone;
    this.times = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  ZoneId zone() {
    return zone;
  }

  /** 1234567 as 1,234,567. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** 1 as "1 file", 2 as "2 files". */
  public static String count(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** The first digits of an id, enough to name it by. */
  public static String shortId(ByteString id) {
    ByteString shown = id.size() <= ID_BYTES_SHOWN ? id : id.substring(0, ID_BYTES_SHOWN);
    return HexFormat.of().formatHex(shown.toByteArray());
  }

  public String time(Instant time) {
    return times.format(time);
  }

  String of(Value value) {
    return switch (value) {
      case Value.Text(String text) -> SafeText.of(text);
      case Value.Count(long count) -> count(count);
      case Value.Size(long bytes) -> new DataSize(Math.max(0, bytes)).toString();
      case Value.Flag(boolean flag) -> flag ? "yes" : "no";
      case Value.Moment(Instant time) -> time(time);
      case Value.Span(Duration duration) -> Durations.rounded(duration);
      case Value.Id(ByteString bytes) -> shortId(bytes);
      case Value.Name(ByteString bytes) -> SafeText.of(bytes);
      case Value.Group(Fields fields) ->
          fields.values().entrySet().stream().map(this::pair).collect(Collectors.joining(", "));
      case Value.Labels(SortedMap<String, String> labels) when labels.isEmpty() -> "none";
      case Value.Labels(SortedMap<String, String> labels) ->
          labels.entrySet().stream()
              .map(each -> SafeText.of(each.getKey()) + "=" + SafeText.of(each.getValue()))
              .collect(Collectors.joining(", "));
      case Value.Many many when many.values().isEmpty() -> "none";
      case Value.Many many ->
          many.values().stream().map(this::of).collect(Collectors.joining(", "));
    };
  }

  private String pair(Map.Entry<String, Value> entry) {
    return label(entry.getKey()) + " " + of(entry.getValue());
  }

  static String label(String key) {
    String bare = key.endsWith(BYTES) ? key.substring(0, key.length() - BYTES.length()) : key;
    return bare.replace('_', ' ');
  }
}
