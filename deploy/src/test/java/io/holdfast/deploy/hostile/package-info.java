/**
 * A coordinator among hosts that mean harm: hand-made clients with valid certificates ({@link
 * io.holdfast.deploy.hostile.HostileAgent}) that ask for what isn't theirs, lie about what they
 * store, and break the protocol, over real mutual TLS.
 *
 * <p>Each attempt has to be refused by a typed error, counted, leave nothing in the journal, and
 * hinder nobody else: {@link io.holdfast.deploy.hostile.Siege} looks after all four.
 */
package io.holdfast.deploy.hostile;
