package io.holdfast.common.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces a variable's name in dollar and braces by its value in the environment; a doubled dollar
 * keeps the use as it stands.
 */
record Variables(Environment environment) {
  private static final Pattern USE = Pattern.compile("\\$?\\$\\{([^}]*)}");

  /** IllegalArgumentException naming a variable that isn't set or a name that can't be one. */
  String replaceIn(String text) {
    Matcher use = USE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (use.find()) {
      use.appendReplacement(out, Matcher.quoteReplacement(value(use.group(), use.group(1))));
    }
    return use.appendTail(out).toString();
  }

  private String value(String use, String name) {
    if (use.startsWith("$$")) {
      return use.substring(1);
    }
    return environment
        .find(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the environment variable " + name + " isn't set: set it, or write the value"));
  }
}
