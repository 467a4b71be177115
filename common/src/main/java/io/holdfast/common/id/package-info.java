/**
 * The names of things: ids as records, never bare strings or byte arrays across a package border.
 *
 * <p>Must never: derive keys, know a format beyond its own bytes. Immutable values, any thread.
 */
package io.holdfast.common.id;
