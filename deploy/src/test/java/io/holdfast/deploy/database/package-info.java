/**
 * Databases as sources: real servers of the distribution's own packages, private to the test, on
 * sockets in its directory, written to while they are backed up; restored, started, and held
 * against what they must be.
 *
 * <p>Where a server's programs aren't installed the tests are skipped and say so; the script that
 * runs the tests installs them where it may. Servers refuse to run as root: as root they run as the
 * user that their package made.
 */
package io.holdfast.deploy.database;
