package io.holdfast.deploy.cli;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as {@link Durations} reads them. */
final class DurationOption implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return Durations.parse(text);
    } catch (HoldfastException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
