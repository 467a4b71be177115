/**
 * What is wrong: the one place where alarms are raised, changed and called off.
 *
 * <p>Owns what an {@link io.holdfast.coordinator.alarm.Alarm} is, the {@link
 * io.holdfast.coordinator.alarm.Board} that holds those that are up and finds out what became of
 * them, and the {@link io.holdfast.coordinator.alarm.Incidents} that happen at one moment. What is
 * wrong is looked up by {@link io.holdfast.coordinator.alarm.AlarmSource}s, again and again; nobody
 * calls in to raise an alarm, so none is forgotten to be called off.
 *
 * <p><b>Once per change of state.</b> A state is named by kind and subject (one host, one data
 * class of it, one certificate) and its shape: figures in a text may change with each look, a shape
 * only when somebody should hear of it. A source that can't tell just now, because hosts have yet
 * to connect or nothing was read again yet, leaves its alarms as they are.
 *
 * <p>Must never: read the catalog, a clock or a file; send anything.
 *
 * <p>Threads: a board is its owner's; incidents may be noted by any. Files: none. Tests: {@code
 * BoardTest}, {@code IncidentsTest}.
 */
package io.holdfast.coordinator.alarm;
