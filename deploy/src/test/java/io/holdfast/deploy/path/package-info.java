/**
 * From a tree on disk through backup, vault and restore to a tree on disk again: a whole
 * coordinator and a whole agent in one process, over real TLS on the loopback, with everything that
 * can go wrong with the vault in between.
 */
package io.holdfast.deploy.path;
