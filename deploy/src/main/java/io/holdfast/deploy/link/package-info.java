/**
 * The side of the person at the keyboard, of the admin socket and of the port for people.
 *
 * <p>Owns {@link io.holdfast.deploy.link.AdminLink}: one gRPC channel over the coordinator's Unix
 * socket, where its permissions authenticate, or by TLS to its {@code admin.listen}, where a token
 * does; and what its failures mean. The only package of this module that knows gRPC.
 *
 * <p>Must never: show a token to a coordinator whose certificate doesn't lead to the fleet's root,
 * retry (a person is watching), or change a message.
 *
 * <p>Threads: calls block the caller; gRPC's event loop is one thread, ended by {@code close}.
 * {@link io.holdfast.deploy.link.AdminLink#cancelJob} may be called while another thread streams.
 * Files: the socket. Tests: a real server on a real socket, in the tests of {@code deploy.cli}.
 */
package io.holdfast.deploy.link;
