/** One half of a cycle; also asks the machine for everything it should be given. */
package io.holdfast.common.architecture.sample.left;
