package io.holdfast.coordinator.notify;

import java.time.Instant;
import java.util.Optional;

/**
 * How the runs of one policy stand, all its hosts and data classes taken together.
 *
 * @param open whether any runs
 * @param ended when the newest of them ended
 * @param well whether all that the policy promises is kept, and no last run failed
 */
public record PolicyRuns(String policy, boolean open, Optional<Instant> ended, boolean well) {}
