package io.holdfast.deploy.output;

import java.util.Optional;

/**
 * A job's progress as it is shown.
 *
 * @param phase one word
 * @param files passed so far; empty where the job doesn't count files
 * @param bytes passed so far
 * @param bytesExpected 0 if unknown
 * @param gaps so far
 */
public record Progress(
    String phase, Optional<Long> files, long bytes, long bytesExpected, long gaps) {}
