package io.holdfast.agent.restore;

import io.holdfast.common.seam.Time;
import java.util.concurrent.ThreadFactory;

/**
 * What a restore stands on.
 *
 * @param threads makes the workers
 */
public record RestorePorts(ThreadFactory threads, RestoreLimits limits, Time time) {}
