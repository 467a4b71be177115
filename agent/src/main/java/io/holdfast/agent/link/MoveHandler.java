package io.holdfast.agent.link;

/** Takes this host to another repository. One thread at a time. */
@FunctionalInterface
public interface MoveHandler {
  /**
   * Goes by {@code token}, one of the other repository. When it returns, the move is decided, and
   * this process takes no more orders of the present one. Throws, and nothing has changed, if this
   * host may not or can't go.
   *
   * @param renews whether the token is of the present repository, in which it begins anew
   */
  void move(String token, boolean renews) throws InterruptedException;
}
