/**
 * When things are due: recurrences, windows, spread, retries, limits by time of day.
 *
 * <p>Owns the five fields of cron and its nicknames ({@link io.holdfast.coordinator.schedule.Cron},
 * {@link io.holdfast.coordinator.schedule.Every}), the windows that runs begin in ({@link
 * io.holdfast.coordinator.schedule.Windows}), both held together in a {@link
 * io.holdfast.coordinator.schedule.Timetable}, and the bandwidth by time of day ({@link
 * io.holdfast.coordinator.schedule.RatePlan}). Which runs are to begin is for the package {@code
 * plan}.
 *
 * <p><b>Cron.</b> Fields are those of every crontab: {@code *}, numbers, lists, ranges, steps over
 * {@code *} or a range, names of months and days in three letters; Sunday is 0 and 7. If neither
 * day field begins with a star, a day needs to fit one of them, otherwise both. Dates that never
 * come are refused. Left out on purpose are {@code L}, {@code W}, {@code #}, {@code ?} and seconds,
 * which each implementation reads otherwise. {@code @every 90m} counts elapsed time.
 *
 * <p><b>Clock changes.</b> Times that a change skips run once, right after the gap, be it half an
 * hour or a whole day. Times that it repeats run the first time only, unless the hours are written
 * with a star, which means a rhythm of elapsed time. That is why the code is our own: the common
 * library for cron expressions leaves a daily run in the skipped hour out without a word, and a
 * backup that isn't made in one night of the year is what nobody notices until it is missed.
 *
 * <p>Must never: read a clock, use the zone of the machine, or remember anything.
 *
 * <p>Threads: immutable values. Files: none. Tests: {@code CronZonesTest} compares, over all zones
 * and their clock changes, with somebody who only watches a clock on the wall; {@code
 * TimetableTest} with a search minute by minute.
 */
package io.holdfast.coordinator.schedule;
