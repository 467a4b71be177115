package io.holdfast.deploy.output;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Where a command's words go: results to standard output, everything else to standard error.
 * Belongs to one thread.
 */
public final class Output {
  /** What is printed. */
  public enum Form {
    TEXT,
    JSON
  }

  private final PrintStream out;
  private final PrintStream err;
  private final Form form;
  private final boolean quiet;
  private final PeopleText people;

  public Output(PrintStream out, PrintStream err, Form form, boolean quiet, ZoneId zone) {
    this.out = out;
    this.err = err;
    this.form = form;
    this.quiet = quiet;
    this.people = new PeopleText(zone);
  }

  public boolean isJson() {
    return form == Form.JSON;
  }

  /** The same, for who prints JSON whatever the person asked for. */
  public Output asJson() {
    return new Output(out, err, Form.JSON, quiet, people.zone());
  }

  public boolean isQuiet() {
    return quiet;
  }

  public PeopleText people() {
    return people;
  }

  /** One result: an object, or its fields one a line. */
  public void result(String messageType, Fields fields) {
    if (isJson()) {
      json(messageType, fields);
      return;
    }
    int width = fields.values().keySet().stream().mapToInt(String::length).max().orElse(0);
    fields.values().forEach((key, value) -> labelled(key, width, value));
  }

  private void labelled(String key, int width, Value value) {
    String label = PeopleText.label(key);
    String pad = " ".repeat(width - label.length() + 2);
    if (value instanceof Value.Many many && many.values().stream().anyMatch(Output::isLong)) {
      line(label + ":");
      many.values().forEach(each -> line("  " + people.of(each)));
    } else {
      line(label + pad + people.of(value));
    }
  }

  private static boolean isLong(Value value) {
    return value instanceof Value.Group || value instanceof Value.Text;
  }

  /** The beginning of a table, or of lines of JSON, with these of the fields as columns. */
  public Rows rows(String messageType, List<String> columns) {
    return new Rows(this, messageType, columns);
  }

  /** A list whose items are a line each. */
  public Listing listing(String messageType) {
    return new Listing(this, messageType);
  }

  /** One line of JSON on standard output, at once: somebody may be following a job. */
  public void json(String messageType, Fields fields) {
    jsonRow(messageType, fields);
    out.flush();
  }

  void jsonRow(String messageType, Fields fields) {
    out.println(JsonText.of(messageType, fields));
  }

  /** One line of text on standard output. */
  public void line(String line) {
    out.println(line);
  }

  /** What is said to people only, on standard error; nothing in quiet or as JSON. */
  public void note(String line) {
    if (!quiet && !isJson()) {
      err.println(line);
    }
  }

  /** What went wrong beside the result, on standard error. */
  public void warning(String line) {
    if (isJson()) {
      err.println(JsonText.of("warning", new Fields().text("message", line)));
    } else {
      err.println("warning: " + line);
    }
  }

  /** The end of a command that failed, on standard error. */
  public void error(String message, Map<String, Long> numbers, String code) {
    if (isJson()) {
      Fields fields = new Fields().text("error", code);
      numbers.forEach(fields::count);
      err.println(JsonText.of("exit_error", fields.text("message", message)));
    } else {
      err.println("holdfast: " + message);
    }
  }

  /** CANCELLED once the reader of standard output is gone, so that a long listing ends with it. */
  void refuseIfNobodyReads() {
    if (out.checkError()) {
      throw new HoldfastException(ErrorCode.CANCELLED, "nobody reads the output any more");
    }
  }

  /** Hands over what is still buffered. */
  public void flush() {
    out.flush();
    err.flush();
  }

  PrintStream err() {
    return err;
  }
}
