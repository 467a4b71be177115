package io.holdfast.deploy.link;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.identity.FleetTrust;

/**
 * A coordinator on another machine, and how a person calls it.
 *
 * @param at its {@code admin.listen}, as it is reached from here
 * @param token the person's access token, as it was handed over
 * @param trust what its certificate has to lead to
 */
public record Remote(HostPort at, SecretText token, FleetTrust trust) {}
