/**
 * Policies as YAML, read strictly and written in one form.
 *
 * <p>Owns {@link io.holdfast.coordinator.policy.yaml.PolicyReader}, which fills the records of
 * {@code policy} and reports every problem of a text at once with line and column, and {@link
 * io.holdfast.coordinator.policy.yaml.PolicyWriter}, whose text is what {@code show} prints, what
 * is journalled, and what a policy's hash is taken of. The reference document, {@code
 * policy-reference.yaml} beside this package, shows every key.
 *
 * <p>A key is known because a reader asked for it: there is no second list of keys that could
 * differ. A section of a data class takes the place of the policy's as a whole; nothing is mixed
 * within a section, so one never has to look in two places for what holds.
 *
 * <p>Bounded: a text of 1 MiB, 1,000 documents, 1,000 items a list, 12 levels; aliases are refused,
 * so no text means more than it says.
 *
 * <p>Must never: take a value for another type than its key's, replace variables, or guess.
 *
 * <p>Threads: any. Files: none. Tests: {@code PolicyReaderTest} with the exact messages; {@code
 * PolicyRoundTripTest} writes and reads random policies; {@code PolicyReferenceTest} finds every
 * key that is asked for in the reference.
 */
package io.holdfast.coordinator.policy.yaml;
