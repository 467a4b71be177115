package io.holdfast.common.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a record's component means as a key of a configuration file. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** Said in the reference; whole sentences. */
  String doc();

  /**
   * The value when the key isn't given, in the form it has in a file; for a list its items
   * separated by commas, for a map always empty. Ignored by sections, whose keys have their own.
   */
  String byDefault() default "";

  /** Whether the key must be given. */
  boolean required() default false;

  /** The smallest value allowed, in the form it has in a file; empty for no bound. */
  String min() default "";

  /** The largest value allowed, in the form it has in a file; empty for no bound. */
  String max() default "";
}
