package io.holdfast.deploy.cli;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.output.Output;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into a message on standard error and an exit code. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final GlobalOptions options;
  private final boolean json;

  /** {@code json} because the options aren't known when the arguments can't be parsed. */
  ErrorReport(GlobalOptions options, boolean json) {
    this.options = options;
    this.json = json;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    String help = "see `" + command.getCommandSpec().qualifiedName() + " --help`";
    print(
        ExitCode.USAGE,
        "USAGE",
        Map.of(),
        bare(failure.getMessage()) + suggestion(failure) + "; " + help);
    return ExitCode.USAGE.number();
  }

  /** Picocli begins some of its messages so; all are errors. */
  private static String bare(String message) {
    return message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
  }

  private static String suggestion(ParameterException failure) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    List<String> near = unmatched.getSuggestions();
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    ExitCode code;
    if (failure instanceof HoldfastException error) {
      code = ExitCode.of(error.kind());
      print(
          code,
          error.code().name(),
          Map.of("number", (long) error.code().number()),
          error.getMessage());
    } else {
      code = ExitCode.FAILED;
      print(
          code,
          "INTERNAL",
          Map.of(),
          "unexpected " + failure + "; this is a bug, run again with -v");
    }
    if (options.verbosity() > 0) {
      failure.printStackTrace(options.shell().err());
    }
    return code.number();
  }

  private void print(ExitCode exit, String code, Map<String, Long> numbers, String message) {
    Map<String, Long> all = new TreeMap<>(numbers);
    all.put("code", (long) exit.number());
    Output.Form form = json || options.isJson() ? Output.Form.JSON : Output.Form.TEXT;
    Shell shell = options.shell();
    new Output(shell.out(), shell.err(), form, false, shell.zone()).error(message, all, code);
  }
}
