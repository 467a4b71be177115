package io.holdfast.deploy.cli;

import io.holdfast.common.config.Environment;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/** The process {@code holdfast}. */
public final class Main {
  private static final int BUFFER_BYTES = 1 << 16;

  private Main() {}

  public static void main(String[] arguments) {
    PrintStream out = stream(FileDescriptor.out, false);
    PrintStream err = stream(FileDescriptor.err, true);
    Shell shell =
        new Shell(
            System.in,
            out,
            err,
            Environment.SYSTEM,
            new SystemTerminal(Environment.SYSTEM),
            Time.system(),
            ZoneId.systemDefault(),
            Interrupts.ofProcess(),
            new LocalCommands(Time.system(), Randomness.secure()));
    int code = HoldfastCommand.build(shell, arguments).execute(arguments);
    out.flush();
    System.exit(code);
  }

  /** UTF-8 whatever the locale: names are escaped only where they aren't text. */
  private static PrintStream stream(FileDescriptor descriptor, boolean flushEachLine) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES),
        flushEachLine,
        StandardCharsets.UTF_8);
  }
}
