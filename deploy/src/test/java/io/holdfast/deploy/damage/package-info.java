/**
 * The damage matrix: every part of a vault and of a coordinator's disk, harmed in every way, against
 * everything that an operator may do next. Each copy of one original fleet is damaged in one place
 * ({@link io.holdfast.deploy.damage.Damages}), tried ({@link io.holdfast.deploy.damage.Trial}), and
 * compared with a table that has a word for each cell.
 */
package io.holdfast.deploy.damage;
