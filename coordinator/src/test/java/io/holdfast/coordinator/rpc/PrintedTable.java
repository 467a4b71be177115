package io.holdfast.coordinator.rpc;

import io.holdfast.coordinator.fleet.CallPolicy.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of who may call what, as the README prints it for people. */
final class PrintedTable {
  /** How its rows begin; each of the last three adds to the one above it. */
  static final Map<String, List<Role>> ROWS =
      Map.of(
          "| who has an enrolment token | ", List.of(Role.STRANGER),
          "| a host | ", List.of(Role.HOST),
          "| a host that moved away | ", List.of(Role.MOVED_HOST),
          "| a viewer | ", List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN),
          "| an operator, in addition | ", List.of(Role.OPERATOR, Role.ADMIN),
          "| an admin, in addition | ", List.of(Role.ADMIN));

  private static final Pattern CALL = Pattern.compile("`([A-Za-z]+/[A-Za-z]+)`");

  private final Map<Role, Set<String>> calls = new EnumMap<>(Role.class);

  private PrintedTable() {
    for (Role role : Role.values()) {
      calls.put(role, new TreeSet<>());
    }
  }

  static PrintedTable read() throws IOException {
    PrintedTable table = new PrintedTable();
    for (String line : Files.readAllLines(readme())) {
      ROWS.forEach((begin, roles) -> {
        if (line.startsWith(begin)) {
          roles.forEach(role -> table.calls.get(role).addAll(in(line)));
        }
      });
    }
    return table;
  }

  /** Beside the module's directory, or in this one. */
  private static Path readme() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("proto"))
        ? here.resolve("README.md")
        : here.resolveSibling("README.md");
  }

  private static List<String> in(String line) {
    List<String> found = new ArrayList<>();
    Matcher call = CALL.matcher(line);
    while (call.find()) {
      found.add(call.group(1));
    }
    return found;
  }

  /** The calls of {@code role}, in order. */
  List<String> callsOf(Role role) {
    return List.copyOf(calls.get(role));
  }

  /** Whether {@code role} may call {@code method}, given by its full name. */
  boolean allows(Role role, String method) {
    String begin = "holdfast.wire.v1.";
    return method.startsWith(begin) && calls.get(role).contains(method.substring(begin.length()));
  }

  /** How a row has to look for {@code calls}. */
  static String row(String begin, List<String> calls) {
    return begin
        + calls.stream().map(call -> "`" + call + "`").collect(Collectors.joining(", "))
        + " |";
  }
}
