package io.holdfast.deploy.cli;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Rates as {@link DataRate} reads them. */
final class RateOption implements ITypeConverter<DataRate> {
  @Override
  public DataRate convert(String text) {
    try {
      return DataRate.parse(text);
    } catch (HoldfastException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
