package io.holdfast.coordinator.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.alarm.AlarmChange.Event;
import io.holdfast.coordinator.notify.Notifications.MailSecurity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MailboxTest {
  private final SmtpSink sink;
  private final Mailbox mailbox;

  MailboxTest() throws IOException {
    sink = new SmtpSink();
    mailbox = new Mailbox(sink.address(), settings(MailSecurity.NONE), Notices.SENDER);
  }

  private Notifications.Mail settings(MailSecurity security) {
    return new Notifications.Mail(
        Optional.of(sink.address()),
        security,
        Optional.empty(),
        Optional.empty(),
        Optional.of("holdfast@example.org"),
        List.of("ops@example.org", "night@example.org"));
  }

  @AfterEach
  void close() throws IOException {
    mailbox.close();
    sink.close();
  }

  @Test
  void shouldMailWhatToDo() {
    Notice notice = Notices.notice(Notices.change(Event.RAISED, "web"));
    mailbox.send(notice);
    SmtpSink.Mail mail = sink.mails().getFirst();
    assertEquals("holdfast@example.org", mail.from());
    assertEquals(List.of("ops@example.org", "night@example.org"), mail.to());
    assertEquals("<" + notice.id() + "@holdfast>", mail.header("message-id"));
    assertEquals("auto-generated", mail.header("auto-submitted"));
    assertTrue(mail.header("subject").startsWith("=?UTF-8?"), mail.header("subject"));
    assertEquals("text/plain; charset=UTF-8", mail.header("content-type"));
  }

  @Test
  void subjectAndTextShouldSayWhatItIs() {
    Notice one = Notices.notice(Notices.change(Event.RAISED, "web"));
    assertEquals(
        "[holdfast] ALARM: web is overdue: \u00fcberf\u00e4llig \"so\"", NoticeMail.subject(one));
    Notice many =
        Notices.notice(
            Notices.change(Event.RAISED, "web"),
            Notices.change(Event.RAISED, "db"),
            Notices.change(Event.RESOLVED, "mail"));
    assertEquals("[holdfast] alarms: 2 raised, 1 resolved", NoticeMail.subject(many));
    String text = NoticeMail.text(many.after(3), Notices.SENDER);
    assertTrue(text.startsWith("3 earlier notices could not be delivered"), text);
    assertTrue(text.contains("\n  next: look there\n"), text);
    assertTrue(text.contains("resolved (host_overdue): mail is overdue"), text);
    Notice test = Notice.test("0".repeat(32), Notices.MONDAY);
    assertEquals("[holdfast] test", NoticeMail.subject(test));
    assertTrue(NoticeMail.text(test, Notices.SENDER).startsWith("This is a test"));
  }

  @Test
  void shouldFailWhereTheServerDoes() {
    sink.refuse(true);
    Notice notice = Notices.notice(Notices.change(Event.RAISED, "web"));
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> mailbox.send(notice));
    assertEquals(ErrorCode.NOTIFICATION_FAILED, thrown.code());
    assertTrue(thrown.getMessage().contains("took no mail"), thrown.getMessage());
    assertEquals(List.of(), sink.mails());
    sink.refuse(false);
    mailbox.send(notice);
    assertEquals(1, sink.mails().size());
  }

  @Test
  void shouldSendNothingInClearWhereTlsIsAskedFor() {
    Mailbox careful = new Mailbox(sink.address(), settings(MailSecurity.STARTTLS), Notices.SENDER);
    Notice notice = Notices.notice(Notices.change(Event.RAISED, "web"));
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> careful.send(notice));
    assertEquals(ErrorCode.NOTIFICATION_FAILED, thrown.code());
    assertEquals(List.of(), sink.mails());
  }

  @Test
  void shouldRefuseSettingsThatCantWork() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Notifications.Mail(
                Optional.of(sink.address()),
                MailSecurity.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("ops@example.org")));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Notifications.Mail(
                Optional.of(sink.address()),
                MailSecurity.NONE,
                Optional.of("me"),
                Optional.of(new SecretText("secret")),
                Optional.of("holdfast@example.org"),
                List.of("ops@example.org")));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Notifications.Webhook(Optional.of("https://a.example/x"), Optional.empty()));
    for (String bad : List.of("a.example/x", "ftp://a.example", "https://me:pw@a.example", ":")) {
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Notifications.Webhook(Optional.of(bad), Optional.of(new SecretText("s"))));
      assertTrue(!thrown.getMessage().contains("pw"), thrown.getMessage());
    }
  }
}
