/**
 * Who did what, looked up in the journal, and the journal's own word for it.
 *
 * <p>Owns {@link io.holdfast.coordinator.audit.AuditTrail}, which finds and reads the records that
 * say what people did, and {@link io.holdfast.coordinator.audit.JournalVoucher}, which reads the
 * journal from its first record and says what it could vouch for.
 *
 * <p>Must never: write; show what doesn't open under the journal's key; vouch for what it didn't
 * read.
 *
 * <p>Threads: the caller's. Files: reads slots of the journal in the vault. Tests: {@code
 * AuditTrailTest}, {@code JournalVoucherTest}.
 */
package io.holdfast.coordinator.audit;
