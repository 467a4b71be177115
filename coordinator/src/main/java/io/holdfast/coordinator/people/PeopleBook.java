package io.holdfast.coordinator.people;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.PeopleQueries;
import io.holdfast.coordinator.catalog.RecordedPerson;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PersonDetails;
import io.holdfast.proto.stored.v1.PersonRemoved;
import io.holdfast.proto.stored.v1.PersonSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Who may act here, and in which role. Names are unique among those who may, and a person keeps
 * his; who comes back is another person. Any thread.
 */
public final class PeopleBook {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private final FleetPorts ports;
  private final Audits audits;
  private final ReentrantLock changing = new ReentrantLock();
  private final Map<PersonId, String> names = new ConcurrentHashMap<>();

  public PeopleBook(FleetPorts ports) {
    this.ports = ports;
    this.audits = new Audits(ports.mutations());
  }

  // Questions.

  /** Everybody who may act here, by name. */
  public List<Person> all() {
    return look(PeopleQueries::people).stream()
        .filter(person -> !person.isRemoved())
        .map(this::person)
        .sorted(Comparator.comparing(Person::name))
        .toList();
  }

  /** PERSON_NOT_FOUND. */
  public Person get(String name) {
    return find(name)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.PERSON_NOT_FOUND,
                "nobody is called '" + name + "' here; see the names with: holdfast user ls"));
  }

  private Optional<Person> find(String name) {
    return all().stream().filter(person -> person.name().equals(name)).findFirst();
  }

  /** Somebody who may still act here, as an actor. */
  Optional<Actor> actor(PersonId id) {
    return look(people -> people.person(id))
        .filter(person -> !person.isRemoved())
        .map(person -> new Actor(name(person), Optional.of(id), Roles.of(person.role())));
  }

  /** How somebody is called who was added once. */
  String nameOf(PersonId id) {
    return look(people -> people.person(id)).map(this::name).orElse(id.toString());
  }

  private <T> T look(Function<PeopleQueries, T> question) {
    try (CatalogView view = ports.views().get()) {
      return question.apply(view.people());
    }
  }

  private Person person(RecordedPerson recorded) {
    PersonDetails details = details(recorded);
    return new Person(
        recorded.id(),
        details.getName(),
        Roles.of(recorded.role()),
        recorded.timeMillis(),
        details.getActor());
  }

  private String name(RecordedPerson recorded) {
    return names.computeIfAbsent(recorded.id(), id -> details(recorded).getName());
  }

  private PersonDetails details(RecordedPerson recorded) {
    return ports
        .mutations()
        .open(recorded.mutation())
        .map(Details::getPerson)
        .orElse(PersonDetails.getDefaultInstance());
  }

  // Changes.

  /** INVALID_ARGUMENT, or PERSON_EXISTS: {@link #add} would throw it. */
  public void requireNew(String name, Role role) {
    var _ = Roles.stored(role);
    if (!NAME.matcher(name).matches()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "'"
              + name
              + "' can't be a person's name: up to 64 of a-z, 0-9, dot, dash and underscore, with a"
              + " letter or digit first");
    }
    if (find(name).isPresent()) {
      throw new HoldfastException(
          ErrorCode.PERSON_EXISTS,
          "somebody is called '"
              + name
              + "' here already; take another name, or change the role with: holdfast user role");
    }
  }

  /** Lets somebody act here. Errors of {@link #requireNew} and of the journal. */
  public Person add(String name, Role role, String actor) throws InterruptedException {
    changing.lockInterruptibly();
    try {
      requireNew(name, role);
      PersonId id = PersonId.of(ports.randomness().bytes(16));
      set(id, name, role, actor, "added " + name + " as " + Roles.word(role));
      return get(name);
    } finally {
      changing.unlock();
    }
  }

  /** Gives somebody another role; PERSON_NOT_FOUND, and errors of the journal. */
  public Person setRole(String name, Role role, String actor) throws InterruptedException {
    changing.lockInterruptibly();
    try {
      Person person = get(name);
      if (person.role() != role) {
        set(
            person.id(),
            name,
            role,
            actor,
            name + ": " + Roles.word(person.role()) + " -> " + Roles.word(role));
      }
      return get(name);
    } finally {
      changing.unlock();
    }
  }

  private void set(PersonId id, String name, Role role, String actor, String text)
      throws InterruptedException {
    PersonSet set = PersonSet.newBuilder().setPerson(bytes(id)).setRole(Roles.stored(role)).build();
    append(Change.newBuilder().setPersonSet(set).build(), name, actor, text);
  }

  /** Lets somebody act here no longer, by any token; PERSON_NOT_FOUND. */
  public Person remove(String name, String actor) throws InterruptedException {
    changing.lockInterruptibly();
    try {
      Person person = get(name);
      PersonRemoved removed = PersonRemoved.newBuilder().setPerson(bytes(person.id())).build();
      append(Change.newBuilder().setPersonRemoved(removed).build(), name, actor, "removed " + name);
      return person;
    } finally {
      changing.unlock();
    }
  }

  private void append(Change change, String name, String actor, String text)
      throws InterruptedException {
    Details details =
        Details.newBuilder()
            .setPerson(PersonDetails.newBuilder().setActor(actor).setName(name))
            .build();
    Mutation mutation = ports.mutations().seal(change, details);
    ports.append(mutation, audits.of(actor, "person", Optional.empty(), text));
  }

  private static ByteString bytes(PersonId id) {
    return ByteString.copyFrom(id.toByteArray());
  }
}
