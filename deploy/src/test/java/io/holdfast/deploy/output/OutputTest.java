package io.holdfast.deploy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {
  private static final Fields EVERY_KIND =
      new Fields()
          .text("text", "a\"b\\\u0001\u00e9\ud83d\ude00")
          .count("count", 1_234_567)
          .size("size_bytes", 2_048)
          .flag("flag", true)
          .time("time", Instant.parse("2026-01-02T03:04:05.678901Z"))
          .duration("duration", Duration.ofMillis(65_050))
          .id("id", ByteString.fromHex("00112233445566"))
          .name("name", ByteString.copyFromUtf8("a\tb"))
          .group("group", new Fields().count("inner", 1))
          .labels("labels", Map.of("the_role", "d\"b", "env", ""))
          .texts("texts", List.of("x", "y"))
          .names("names", List.of(ByteString.copyFromUtf8("/etc"), ByteString.copyFromUtf8("/d")))
          .text("empty", "")
          .time("never", 0);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Output output(Output.Form form) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Output(stream, stream, form, false, ZoneOffset.UTC);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldPrintEveryKindForPeople() {
    output(Output.Form.TEXT).result("sample", EVERY_KIND);
    assertEquals(
        """
        text        a"b\\\\\\x01\u00e9\ud83d\ude00
        count       1,234,567
        size        2.0 KiB
        flag        yes
        time        2026-01-02 03:04:05
        duration    1m 05s
        id          0011223344
        name        a\\x09b
        group       inner 1
        labels      env=, the_role=d"b
        texts:
          x
          y
        names       /etc, /d
        """,
        printed());
  }

  @Test
  void shouldPrintEveryKindForPrograms() throws JsonProcessingException {
    output(Output.Form.JSON).result("sample", EVERY_KIND);
    JsonNode json = new ObjectMapper().readTree(printed());
    assertEquals("sample", json.get("message_type").textValue());
    assertEquals("a\"b\\\u0001\u00e9\ud83d\ude00", json.get("text").textValue());
    assertEquals(1_234_567, json.get("count").intValue());
    assertEquals(2_048, json.get("size_bytes").intValue());
    assertEquals("2026-01-02T03:04:05.678Z", json.get("time").textValue());
    assertTrue(printed().contains("\"duration\":65.050,"), printed());
    assertEquals("00112233445566", json.get("id").textValue());
    assertEquals("a\tb", json.get("name").textValue());
    assertEquals(1, json.get("group").get("inner").intValue());
    assertEquals("d\"b", json.get("labels").get("the_role").textValue());
    assertEquals("", json.get("labels").get("env").textValue());
    assertEquals(2, json.get("texts").size());
    assertEquals(13, json.size(), "empty text and time 0 are left out");
  }

  @Test
  void shouldLayTableOutByItsWidestCells() {
    try (Rows rows = output(Output.Form.TEXT).rows("row", List.of("name", "size_bytes"))) {
      rows.add(new Fields().text("name", "a").size("size_bytes", 1));
      rows.add(new Fields().text("name", "longer"));
    }
    assertEquals("NAME    SIZE\na       1 B\nlonger  -\n", printed());
  }

  @Test
  void shouldHoldOneBatchOfRowsOnly() {
    Rows rows = output(Output.Form.TEXT).rows("row", List.of("n"));
    for (int row = 0; row < Rows.BATCH; row++) {
      rows.add(new Fields().count("n", row));
    }
    assertEquals(Rows.BATCH + 1, printed().lines().count());
    rows.close();
  }

  @Test
  void shouldEndListingWhoseReaderIsGone() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int each) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    PrintStream stream = new PrintStream(closed, false, StandardCharsets.UTF_8);
    for (Output.Form form : Output.Form.values()) {
      Output output = new Output(stream, stream, form, false, ZoneOffset.UTC);
      Listing listing = output.listing("file");
      assertThrows(
          HoldfastException.class,
          () -> {
            for (int item = 0; item < 1_000; item++) {
              listing.add(Fields::new, () -> "line");
            }
          });
    }
    assertTrue(stream.checkError());
  }
}
