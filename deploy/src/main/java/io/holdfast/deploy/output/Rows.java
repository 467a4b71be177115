package io.holdfast.deploy.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A list of results: lines of JSON, or a table whose columns are as wide as the first batch of
 * {@link #BATCH} rows needs. Holds one batch. Close it to see the last.
 */
public final class Rows implements AutoCloseable {
  static final int BATCH = 500;

  private static final String GAP = "  ";

  private final Output output;
  private final String messageType;
  private final List<String> columns;
  private final List<List<String>> batch = new ArrayList<>();
  private int[] widths;
  private long items;

  Rows(Output output, String messageType, List<String> columns) {
    this.output = output;
    this.messageType = messageType;
    this.columns = columns;
  }

  /** How many so far. */
  public long items() {
    return items;
  }

  public void add(Fields fields) {
    items++;
    if (output.isJson()) {
      output.jsonRow(messageType, fields);
      checkReaderEachBatch();
      return;
    }
    batch.add(columns.stream().map(column -> cell(fields, column)).toList());
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void checkReaderEachBatch() {
    if (items % BATCH == 0) {
      output.refuseIfNobodyReads();
    }
  }

  private String cell(Fields fields, String column) {
    Value value = fields.values().get(column);
    return value == null ? "-" : output.people().of(value);
  }

  private void flush() {
    boolean first = widths == null;
    if (first) {
      widths = new int[columns.size()];
      List<String> titles = columns.stream().map(Rows::title).toList();
      batch.addFirst(titles);
      batch.forEach(this::widen);
    }
    batch.forEach(row -> output.line(laidOut(row)));
    batch.clear();
    output.refuseIfNobodyReads();
  }

  private static String title(String column) {
    return PeopleText.label(column).toUpperCase(Locale.ROOT);
  }

  private void widen(List<String> row) {
    for (int column = 0; column < widths.length; column++) {
      widths[column] = Math.max(widths[column], row.get(column).length());
    }
  }

  private String laidOut(List<String> row) {
    StringBuilder out = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      out.append(cell).repeat(' ', Math.max(0, widths[column] - cell.length())).append(GAP);
    }
    return out.toString().stripTrailing();
  }

  /** What is said to people, beside the result, if there was no row at all. */
  public void noteIfEmpty(String words) {
    if (items == 0) {
      output.note(words);
    }
  }

  /** Prints what is left; a table without rows prints nothing. */
  @Override
  public void close() {
    if (!batch.isEmpty()) {
      flush();
    }
  }
}
