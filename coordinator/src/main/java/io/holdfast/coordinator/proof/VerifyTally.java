package io.holdfast.coordinator.proof;

/**
 * How much a verification has read.
 *
 * @param packs read in full
 * @param packsExpected registered when it began
 * @param bytes sealed bytes read
 * @param bytesExpected of those packs; twice that if everything is opened as well
 * @param chunks entries found good, each once
 * @param faults found
 * @param snapshots walked from their roots
 * @param erased snapshots of erased hosts, which nobody can open; they weren't walked
 * @param foundAgain chunks that were recorded as lost, are there again and were stored anew
 * @param throughSeq newest record as it began; 0 if one snapshot alone is verified
 */
public record VerifyTally(
    long packs,
    long packsExpected,
    long bytes,
    long bytesExpected,
    long chunks,
    long faults,
    long snapshots,
    long erased,
    long foundAgain,
    long throughSeq) {}
