package io.holdfast.deploy.output;

import java.util.function.Supplier;

/** A list that may be long: each item printed as it comes, as a line or as JSON. */
public final class Listing {
  /** How often it is asked whether anybody still reads. */
  private static final int BATCH = 500;

  private final Output output;
  private final String messageType;
  private long items;

  Listing(Output output, String messageType) {
    this.output = output;
    this.messageType = messageType;
  }

  /** How many so far. */
  public long items() {
    return items;
  }

  /** Tells people that there is none, if there was none. */
  public void noteIfEmpty(String line) {
    if (items == 0) {
      output.note(line);
    }
  }

  public void add(Supplier<Fields> fields, Supplier<String> line) {
    if (output.isJson()) {
      output.jsonRow(messageType, fields.get());
    } else {
      output.line(line.get());
    }
    items++;
    if (items % BATCH == 0) {
      output.refuseIfNobodyReads();
    }
  }
}
