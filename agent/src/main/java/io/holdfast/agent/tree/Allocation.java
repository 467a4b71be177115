package io.holdfast.agent.tree;

/** How the space of a file is to be had. */
public enum Allocation {
  /** Reserved at once, so that a full disk shows before the content is fetched. */
  DENSE,
  /** What isn't written stays a hole. */
  SPARSE
}
