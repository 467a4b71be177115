package io.holdfast.coordinator.notify;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.config.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where to tell what became of alarms; each component's meaning is its {@link Setting}. */
public record Notifications(
    @Setting(doc = "Every change of an alarm as JSON, signed, by HTTP POST.") Webhook webhook,
    @Setting(doc = "Every change of an alarm as mail.") Mail mail,
    @Setting(doc = "A watchdog service that alarms when pings stay away.") Ping ping) {

  /** A signed webhook. */
  public record Webhook(
      @Setting(doc = "Where to post to, http or https. Empty: nowhere.") Optional<String> url,
      @Setting(
              doc =
                  "Key of the signature: HMAC-SHA-256 over the value of the header"
                      + " Holdfast-Timestamp, a dot, and the body.")
          Optional<SecretText> secret) {
    public Webhook {
      url.ifPresent(text -> checkUrl("notifications.webhook.url", text));
      if (url.isPresent() && secret.filter(text -> !text.reveal().isBlank()).isEmpty()) {
        throw new IllegalArgumentException(
            "\"notifications.webhook.secret_file\" is missing: the receiver has to know who"
                + " speaks");
      }
    }
  }

  /** Mail over SMTP. */
  public record Mail(
      @Setting(doc = "The mail server, host:port. Empty: no mail.") Optional<HostPort> server,
      @Setting(
              doc =
                  "starttls: begins in clear and must go on in TLS; tls: in TLS from the first"
                      + " byte; none: in clear, for a server on this machine.",
              byDefault = "starttls")
          MailSecurity security,
      @Setting(doc = "Whom to log in as. Empty: nobody.") Optional<String> user,
      @Setting(doc = "That user's password.") Optional<SecretText> password,
      @Setting(doc = "Whom mails are from.") Optional<String> from,
      @Setting(doc = "Whom they are to.") List<String> to) {
    public Mail {
      if (server.isPresent() && (from.isEmpty() || to.isEmpty())) {
        throw new IllegalArgumentException(
            "\"notifications.mail\" has a server and needs \"from\" and \"to\"");
      }
      if (user.isPresent() != password.isPresent()) {
        throw new IllegalArgumentException(
            "\"notifications.mail\" needs \"user\" and \"password_file\" together");
      }
      if (user.isPresent() && security == MailSecurity.NONE) {
        throw new IllegalArgumentException(
            "\"notifications.mail\" would send a password in clear: set security to starttls or"
                + " tls");
      }
    }
  }

  /** How a connection to a mail server is protected. */
  public enum MailSecurity {
    STARTTLS,
    TLS,
    NONE
  }

  /** Pings as healthchecks.io and others take them. */
  public record Ping(
      @Setting(
              doc =
                  "Names of policies with a URL each. GET URL/start when a first run of the policy"
                      + " begins, URL when the last one has ended and all its hosts are protected,"
                      + " URL/fail when they aren't.")
          Map<String, String> policies) {
    public Ping {
      policies = Map.copyOf(policies);
      policies.forEach((policy, text) -> checkUrl("notifications.ping.policies." + policy, text));
    }
  }

  private static void checkUrl(String key, String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(refusal(key), e);
    }
    throw new IllegalArgumentException(refusal(key));
  }

  /** The text may hold a secret: it isn't repeated. */
  private static String refusal(String key) {
    return "\"" + key + "\" isn't a URL such as https://host/path, without user or password";
  }
}
