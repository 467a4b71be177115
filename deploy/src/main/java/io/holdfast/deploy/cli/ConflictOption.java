package io.holdfast.deploy.cli;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Conflict modes as words with hyphens. */
final class ConflictOption implements ITypeConverter<RestoreCommand.Conflict> {
  @Override
  public RestoreCommand.Conflict convert(String text) {
    return Arrays.stream(RestoreCommand.Conflict.values())
        .filter(mode -> word(mode).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "\"" + text + "\" is none of skip, overwrite-if-different, always"));
  }

  private static String word(RestoreCommand.Conflict mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
