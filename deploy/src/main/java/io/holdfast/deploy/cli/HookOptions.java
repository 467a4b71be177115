package io.holdfast.deploy.cli;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.Durations;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.HookCall;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a host runs around a backup. */
final class HookOptions {
  private static final String FORM = "[warn:]NAME[@LIMIT]";

  @Option(
      names = "--before",
      paramLabel = FORM,
      converter = Converter.class,
      description =
          "Run this hook first; if it fails, there is no backup. With warn: its failure is only"
              + " reported. LIMIT is a duration (default: 5m). May be repeated.")
  private List<HookCall> before = List.of();

  @Option(
      names = "--after",
      paramLabel = FORM,
      converter = Converter.class,
      description = "Run this hook in the end, however the backup went. May be repeated.")
  private List<HookCall> after = List.of();

  void apply(BackupOrder.Builder order) {
    order.addAllBefore(before).addAllAfter(after);
  }

  /** Hooks as people write them. */
  static final class Converter implements ITypeConverter<HookCall> {
    private static final String WARN = "warn:";

    @Override
    public HookCall convert(String text) {
      boolean warnOnly = text.startsWith(WARN);
      String rest = warnOnly ? text.substring(WARN.length()) : text;
      int at = rest.indexOf('@');
      String name = at < 0 ? rest : rest.substring(0, at);
      if (name.isEmpty()) {
        throw new TypeConversionException("\"" + text + "\" isn't " + FORM);
      }
      return HookCall.newBuilder()
          .setName(name)
          .setWarnOnly(warnOnly)
          .setTimeLimitMillis(at < 0 ? 0 : limitMillis(rest.substring(at + 1)))
          .build();
    }

    private static long limitMillis(String text) {
      try {
        return Durations.parse(text).toMillis();
      } catch (HoldfastException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
