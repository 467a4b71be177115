package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.PeopleKit;
import io.holdfast.proto.wire.v1.ListPeopleRequest;
import io.holdfast.proto.wire.v1.PeopleGrpc;
import io.holdfast.proto.wire.v1.Person;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import io.holdfast.proto.wire.v1.WhoAmIRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who a call is from, and how long a stream may outlast what let it in. */
@Timeout(60)
class PeopleDoorTest {
  /** Tells who calls, and sends one person for each word that a test puts into the queue. */
  private static final class Service extends PeopleGrpc.PeopleImplBase {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ManyCalls calls = new ManyCalls(executor);
    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

    @Override
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIAnswer> answers) {
      answers.onNext(PeopleViews.view(RpcCaller.person()));
      answers.onCompleted();
    }

    @Override
    public void listPeople(ListPeopleRequest request, StreamObserver<Person> answers) {
      calls.answer(
          answers,
          out -> {
            while (true) {
              out.accept(Person.newBuilder().setName(words.take()).build());
            }
          });
    }
  }

  @TempDir private Path directory;
  private final PeopleKit kit = new PeopleKit(new FleetKit(61));
  private final Service service = new Service();
  private PeoplePorts ports;

  @BeforeEach
  void start() throws Exception {
    ports = new PeoplePorts(kit, List.of(service), directory.resolve("s"));
    kit.add("olga", Role.OPERATOR);
  }

  @AfterEach
  void stop() {
    service.executor.shutdownNow();
    ports.close();
    kit.close();
  }

  private static WhoAmIAnswer who(ManagedChannel channel) {
    return PeopleGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance());
  }

  @Test
  void shouldTellTheServiceWhoCalls() throws InterruptedException {
    WhoAmIAnswer local = who(ports.local());
    assertEquals("local operator", local.getName());
    assertTrue(local.getPerson().isEmpty());
    WhoAmIAnswer olga = who(ports.remote("Bearer " + kit.token("olga", Duration.ofDays(1))));
    assertEquals("olga", olga.getName());
    assertEquals(io.holdfast.proto.wire.v1.PersonRole.PERSON_ROLE_OPERATOR, olga.getRole());
    assertEquals(
        FleetKit.START.plus(Duration.ofDays(1)).toEpochMilli(), olga.getTokenExpiresMillis());
  }

  private Iterator<Person> stream(String token) {
    Iterator<Person> people =
        PeopleGrpc.newBlockingStub(ports.remote("Bearer " + token))
            .listPeople(ListPeopleRequest.getDefaultInstance());
    service.words.add("first");
    assertEquals("first", people.next().getName());
    return people;
  }

  private ErrorCode endOf(Iterator<Person> people) {
    kit.fleet.time.advance(Duration.ofSeconds(1));
    service.words.add("last");
    StatusRuntimeException end = assertThrows(StatusRuntimeException.class, people::hasNext);
    return RpcErrors.fromStatus(end, "coordinator").code();
  }

  @Test
  void shouldGoOnWithAStreamWhoseCallerIsStillGood() throws InterruptedException {
    Iterator<Person> people = stream(kit.token("olga", Duration.ofDays(1)));
    kit.fleet.time.advance(Duration.ofHours(1));
    service.words.add("second");
    assertEquals("second", people.next().getName());
  }

  @Test
  void shouldEndAStreamAfterItsTokenWasRevoked() throws InterruptedException {
    AccessTokens.NewToken token = kit.create("olga", Duration.ofDays(1));
    Iterator<Person> people = stream(token.token().encode());
    kit.tokens.revoke(token.known().token().id().toString(), Actor.LOCAL);
    assertEquals(ErrorCode.ACCESS_TOKEN_INVALID, endOf(people));
  }

  @Test
  void shouldEndAStreamAfterItsTokenRanOut() throws InterruptedException {
    Iterator<Person> people = stream(kit.token("olga", Duration.ofMillis(500)));
    assertEquals(ErrorCode.ACCESS_TOKEN_EXPIRED, endOf(people));
  }

  @Test
  void shouldEndAStreamAfterItsCallerGotAnotherRole() throws InterruptedException {
    Iterator<Person> people = stream(kit.token("olga", Duration.ofDays(1)));
    kit.people.setRole("olga", Role.VIEWER, "anna");
    assertEquals(ErrorCode.NOT_AUTHORISED, endOf(people));
  }

  @Test
  void shouldEndAStreamAfterItsCallerWasRemoved() throws InterruptedException {
    Iterator<Person> people = stream(kit.token("olga", Duration.ofDays(1)));
    kit.people.remove("olga", "anna");
    assertEquals(ErrorCode.ACCESS_TOKEN_INVALID, endOf(people));
  }
}
