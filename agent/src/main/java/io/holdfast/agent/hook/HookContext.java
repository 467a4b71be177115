package io.holdfast.agent.hook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a program is told, as environment variables. The README lists them; programs of users depend
 * on them, so none may change its meaning.
 *
 * @param job id of the job
 * @param host id of this host
 * @param sources what is backed up
 * @param more what only some phases have
 */
public record HookContext(String job, String host, List<String> sources, Map<String, String> more) {
  /** The kernel takes 128 KiB for one variable. */
  private static final int SOURCES_CHARS_MAX = 30_000;

  public HookContext {
    sources = List.copyOf(sources);
    more = Map.copyOf(more);
  }

  public HookContext(String job, String host, List<String> sources) {
    this(job, host, sources, Map.of());
  }

  /** With one more variable, {@code HOLDFAST_} before its name. */
  public HookContext with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(more);
    all.put(name, value);
    return new HookContext(job, host, sources, all);
  }

  Map<String, String> environment(String phase) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put("HOLDFAST_JOB", job);
    environment.put("HOLDFAST_HOST", host);
    environment.put("HOLDFAST_PHASE", phase);
    environment.put("HOLDFAST_SOURCES", lines());
    more.forEach((name, value) -> environment.put("HOLDFAST_" + name, value));
    return environment;
  }

  /** One a line; of very many as many as fit. */
  private String lines() {
    StringBuilder lines = new StringBuilder();
    for (String source : sources) {
      if (lines.length() + source.length() > SOURCES_CHARS_MAX) {
        break;
      }
      lines.append(source).append('\n');
    }
    return lines.toString();
  }
}
