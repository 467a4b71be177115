/**
 * What golden tests share: the files under {@code golden/v1} and the content they speak of. The
 * files were made by a second implementation of the format, in another language, and are never
 * edited; a version of the format that adds to it adds files.
 */
package io.holdfast.common.golden;
