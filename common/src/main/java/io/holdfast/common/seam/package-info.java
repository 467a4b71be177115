/**
 * What the outside world is to Holdfast: time and randomness as parameters, so that the whole
 * system runs in one process under a seed. Nothing outside this package reads a clock or a random
 * source.
 */
package io.holdfast.common.seam;
