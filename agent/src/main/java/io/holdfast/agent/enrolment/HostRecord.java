package io.holdfast.agent.enrolment;

import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Endpoint;
import java.util.List;

/**
 * What the file {@code enrolled} says.
 *
 * @param coordinators to be tried in order
 */
public record HostRecord(
    FleetId fleet, HostId host, RepositoryId repository, List<Endpoint> coordinators) {
  private static final String TITLE = "holdfast-host";

  public HostRecord {
    coordinators = List.copyOf(coordinators);
  }

  /** The same host, of coordinators at {@code addresses}. */
  HostRecord at(List<Endpoint> addresses) {
    return new HostRecord(fleet, host, repository, addresses);
  }

  String encode() {
    StateText text =
        new StateText(TITLE)
            .add("fleet", fleet.toString())
            .add("host", host.toString())
            .add("repository", repository.toString());
    coordinators.forEach(coordinator -> text.add("coordinator", coordinator.toString()));
    return text.encode();
  }

  static HostRecord decode(String what, String encoded) {
    StateText text = StateText.decode(what, TITLE, encoded);
    return StateText.parsing(
        what,
        () ->
            new HostRecord(
                FleetId.parse(text.one("fleet")),
                HostId.parse(text.one("host")),
                RepositoryId.parse(text.one("repository")),
                text.all("coordinator").stream().map(Endpoint::parse).toList()));
  }
}
