package io.holdfast.coordinator.journal;

import io.holdfast.common.id.PromotionId;

/**
 * Number and random id of the site's promotion: 1 at genesis. A higher number overrules a lower.
 */
public record SiteEpoch(long number, PromotionId id) {}
