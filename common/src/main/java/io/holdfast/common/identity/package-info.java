/**
 * Who is who: the fleet's certificate authorities, the identities they certify, the channels and
 * the signatures that identities make.
 *
 * <p>Owns: the root CA ({@link io.holdfast.common.identity.FleetAuthority}) and each site's issuing
 * CA ({@link io.holdfast.common.identity.IssuingAuthority}), the names in certificates ({@link
 * io.holdfast.common.identity.Principal}), their verification against a pinned root ({@link
 * io.holdfast.common.identity.FleetTrust}), TLS contexts, enrolment tokens, PEM files, and
 * signatures over labelled messages ({@link io.holdfast.common.identity.SigningKey}).
 *
 * <p>How trust hangs together: one root for the fleet, pinned by SHA-256 of its DER; one issuing CA
 * below it at each site; leaves below that, whose only meaningful name is the URI {@code
 * holdfast://fleet/role/id}. Host names, common names and the names in a request mean nothing. A
 * chain is exactly leaf, issuing CA, root. A root is replaced by another one that it introduces
 * ({@link io.holdfast.common.identity.RootLine}); while both are believed, chains bring along what
 * leads from the one to the other.
 *
 * <p>Pinning at enrolment: a server presents its whole chain, root included. An enrolling agent
 * knows the root's fingerprint from its token and nothing else, finds the root in the chain, and
 * checks the rest of the chain as everybody does. Nothing is trusted at first use, and no call is
 * made before the server is known. (The alternative, fetching the root by a call, would mean a
 * first connection that checks nothing.)
 *
 * <p>Must never: decide what an identity may do, know about revocation (both are the journal's),
 * fall back to TLS 1.2 or to an unpinned root, or believe a name in a request.
 *
 * <p>Threads: everything is immutable but {@link io.holdfast.common.identity.ReloadableCredential},
 * which any thread may reload while handshakes go on, and what a {@code FleetTrust} remembers of
 * the chains it verified, which any thread may add to.
 *
 * <p>Files: PEM, PKCS#8 keys with mode 0600, written whole or not at all.
 *
 * <p>Tests: the handshake matrix for both TLS providers, damage of certificates and signatures,
 * tokens mistyped in every place.
 */
package io.holdfast.common.identity;
