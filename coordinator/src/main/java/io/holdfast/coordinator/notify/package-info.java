/**
 * Telling people what became of alarms, wherever they are.
 *
 * <p>Owns the {@link io.holdfast.coordinator.notify.Channel}s (a signed webhook, mail, pings of a
 * watchdog service), what is still to be delivered over them ({@link
 * io.holdfast.coordinator.notify.Notifier}), and the file in which a coordinator remembers what it
 * has told ({@link io.holdfast.coordinator.notify.MemoryFile}).
 *
 * <p><b>Why a file and not the journal.</b> What is wrong is found out from the journal again and
 * again, and needs no record. That somebody was told is no fact about the repository but about this
 * coordinator's talk with a mail server: it would write records for the outside's sake, and a
 * journal that can't be written is one of the things that have to be told. So alarms that are up
 * and notices that wait lie together in one small file, replaced as a whole. A coordinator that
 * lost it tells everything that is up once more; none is lost, none is called off unheard.
 *
 * <p><b>At least once.</b> A notice is in the file before it is sent, and taken out when the other
 * side has taken it. Whoever gets it twice knows it by its id. A channel that fails is tried again,
 * at growing intervals, for as long as it takes; it holds {@link
 * io.holdfast.coordinator.notify.Delivery#WAITING_MAX} notices, then it gives up the oldest and the
 * next one says so.
 *
 * <p>Must never: hold up what raises alarms; follow a redirection; put a secret into a message, a
 * log or an error.
 *
 * <p>Threads: {@code tell} may be called by any; each channel is polled by one of its own. Files:
 * one, in the coordinator's data directory. Tests: real HTTP and a small SMTP server on loopback;
 * {@code NotifierTest} stops it between all steps.
 */
package io.holdfast.coordinator.notify;
