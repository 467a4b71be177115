/**
 * Keys that are replaced or destroyed while a coordinator runs.
 *
 * <p>Owns the key ring in use and its next versions ({@link io.holdfast.coordinator.key.KeyRings}),
 * the way of a new issuing CA from a request to the ring ({@link
 * io.holdfast.coordinator.key.IssuingCaChange}), one fleet root after the other ({@link
 * io.holdfast.coordinator.key.RootChange}), one master key after the other ({@link
 * io.holdfast.coordinator.key.MasterChange}), and the erasure of hosts ({@link
 * io.holdfast.coordinator.key.HostErasure}).
 *
 * <p>Of a private repository no key is here that opens what hosts store: {@link
 * io.holdfast.coordinator.key.KeysForRestore} hands on what they sealed, and {@link
 * io.holdfast.coordinator.key.PrivateMasterChange} takes in what somebody who has the passphrase
 * sealed anew.
 *
 * <p>Must never: use a version of the ring that no record of the journal names; destroy a key
 * before the record that says so is durable and applied; hand a private key to anybody.
 *
 * <p>Threads: any; changes are made one after another. Files: wraps of master keys, key rings and
 * recovery keys as objects of the vault; the service key beside the coordinator.
 *
 * <p>Tests: {@code KeyRingsTest}, {@code MasterChangeTest}, {@code PrivateMasterChangeTest} and
 * {@code HostErasureTest} over a real catalog; end to end in {@code io.holdfast.deploy.path}.
 */
package io.holdfast.coordinator.key;
