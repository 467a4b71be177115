package io.holdfast.deploy.cli;

import io.holdfast.common.config.Environment;
import io.holdfast.common.seam.Time;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.ZoneId;

/** The world as a command sees it; everything a test replaces. */
record Shell(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Environment environment,
    Terminal terminal,
    Time time,
    ZoneId zone,
    Interrupts interrupts,
    LocalOperations local) {}
