package io.holdfast.coordinator.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A notice as JSON. Only ever added to:
 *
 * <pre>
 * {"version": 1, "id": 32 digits, "time": RFC 3339, "fleet": id, "coordinator": id, "test": bool,
 *  "dropped": how many notices before this one were given up,
 *  "changes": [{"event": raised | changed | resolved, "kind": word, "severity": warning | alarm,
 *               "subject": which one, "since": RFC 3339, "summary": text, "next_step": text,
 *               "host": id, "host_name": text, "policy": text; these three where they apply}]}
 * </pre>
 */
final class NoticeJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NoticeJson() {}

  static byte[] write(Notice notice, Sender sender) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", 1)
        .put("id", notice.id())
        .put("time", notice.time().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("fleet", sender.fleet())
        .put("coordinator", sender.coordinator())
        .put("test", notice.isTest())
        .put("dropped", notice.dropped());
    var changes = root.putArray("changes");
    notice.changes().forEach(change -> change(change, changes.addObject()));
    try {
      return JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }

  private static void change(AlarmChange change, ObjectNode to) {
    Alarm alarm = change.alarm();
    to.put("event", change.event().word())
        .put("kind", alarm.kind().word())
        .put("severity", alarm.severity().name().toLowerCase(Locale.ROOT))
        .put("subject", alarm.subject())
        .put("since", alarm.since().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("summary", alarm.summary())
        .put("next_step", alarm.nextStep());
    putIfAny(to, "host", alarm.affected().host());
    putIfAny(to, "host_name", alarm.affected().hostName());
    putIfAny(to, "policy", alarm.affected().policy());
  }

  private static void putIfAny(ObjectNode to, String key, String text) {
    if (!text.isEmpty()) {
      to.put(key, text);
    }
  }
}
