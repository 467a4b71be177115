package io.holdfast.agent.restore;

import io.holdfast.common.seam.Time;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/**
 * What a restore stands on.
 *
 * @param threads makes the workers
 * @param scratch an existing directory for what doesn't fit memory
 */
public record RestorePorts(ThreadFactory threads, RestoreLimits limits, Path scratch, Time time) {}
