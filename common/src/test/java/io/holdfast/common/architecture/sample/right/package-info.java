/** The other half of the cycle; also names a third party it shouldn't know. */
package io.holdfast.common.architecture.sample.right;
