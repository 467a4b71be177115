package io.holdfast.coordinator.pack;

import io.holdfast.common.pack.PackFooter;
import io.holdfast.proto.stored.v1.PageCheck;
import java.util.List;

/**
 * Decides which pages of a sealed page pack have all their references (DESIGN: rules of commit).
 */
@FunctionalInterface
public interface PageChecks {
  List<PageCheck> check(PackFooter footer);
}
