package io.holdfast.coordinator.notify;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.notify.Notifications.MailSecurity;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;

/** Sends notices by mail, over a connection each. */
final class Mailbox implements Channel {
  private static final String TIMEOUT_MILLIS = "20000";
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  /** A mail whose id is the notice's, through all attempts. */
  private static final class Mail extends MimeMessage {
    private final String id;

    Mail(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + id + "@holdfast>");
    }
  }

  private final HostPort server;
  private final Notifications.Mail settings;
  private final Sender sender;
  private final Session session;

  Mailbox(HostPort server, Notifications.Mail settings, Sender sender) {
    this.server = server;
    this.settings = settings;
    this.sender = sender;
    this.session = Session.getInstance(properties(settings.security()));
  }

  private static Properties properties(MailSecurity security) {
    Properties properties = new Properties();
    properties.put("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
    properties.put("mail.smtp.timeout", TIMEOUT_MILLIS);
    properties.put("mail.smtp.writetimeout", TIMEOUT_MILLIS);
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    switch (security) {
      case STARTTLS -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
      }
      case TLS -> properties.put("mail.smtp.ssl.enable", "true");
      case NONE -> {}
    }
    return properties;
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public String target() {
    return String.join(", ", settings.to()) + " by " + server;
  }

  @Override
  public void send(Notice notice) {
    String user = settings.user().orElse(null);
    String password = settings.password().map(SecretText::reveal).orElse(null);
    try (Transport transport = session.getTransport("smtp")) {
      Message mail = mail(notice);
      transport.connect(server.host(), server.port(), user, password);
      transport.sendMessage(mail, mail.getAllRecipients());
    } catch (MessagingException e) {
      throw new HoldfastException(
          ErrorCode.NOTIFICATION_FAILED,
          "the mail server "
              + server
              + " took no mail ("
              + e.getMessage()
              + "); check notifications.mail, and that server's log",
          e);
    }
  }

  private Message mail(Notice notice) throws MessagingException {
    Mail mail = new Mail(session, notice.id());
    mail.setFrom(new InternetAddress(settings.from().orElseThrow()));
    mail.setRecipients(
        Message.RecipientType.TO, InternetAddress.parse(String.join(",", settings.to())));
    mail.setSubject(NoticeMail.subject(notice), UTF_8);
    mail.setText(NoticeMail.text(notice, sender), UTF_8);
    mail.setSentDate(date(notice.time()));
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.saveChanges();
    return mail;
  }

  private static Date date(Instant time) {
    return Date.from(time);
  }

  @Override
  public void close() {} // no connection outlives a mail
}
