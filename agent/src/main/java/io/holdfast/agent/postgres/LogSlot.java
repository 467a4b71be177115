package io.holdfast.agent.postgres;

import java.util.List;
import java.util.Optional;

/** The slot with which a server keeps its log for one agent. */
record LogSlot(PsqlSession session, String host) {
  private String name() {
    return "holdfast_" + host;
  }

  /** From where on the log is kept; makes the slot if there is none. Empty if the log is lost. */
  Optional<Lsn> keep() throws InterruptedException {
    List<List<String>> rows = find();
    if (rows.isEmpty()) {
      return Optional.of(make());
    }
    boolean lost = rows.getFirst().get(0).isEmpty() || rows.getFirst().get(1).equals("lost");
    return lost ? Optional.empty() : Optional.of(Lsn.parse(rows.getFirst().get(0)));
  }

  private List<List<String>> find() throws InterruptedException {
    return session.rows(
        "SELECT restart_lsn, wal_status FROM pg_replication_slots WHERE slot_name = '"
            + name()
            + "'");
  }

  private Lsn make() throws InterruptedException {
    session.row("SELECT pg_create_physical_replication_slot('" + name() + "', true)");
    return Lsn.parse(find().getFirst().get(0));
  }

  Lsn replace() throws InterruptedException {
    drop();
    return make();
  }

  /** What lies before {@code position} isn't needed any more. */
  void advance(Lsn position) throws InterruptedException {
    session.row("SELECT pg_replication_slot_advance('" + name() + "', '" + position + "')");
  }

  void drop() throws InterruptedException {
    session.rows(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
            + name()
            + "'");
  }
}
