package io.holdfast.common.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The credential a process shows in TLS, which can change while it runs: handshakes that begin
 * after {@link #reload} or {@link #replace} show the new one, those under way finish with the one
 * they began with, and open connections stay. Any thread.
 *
 * <p>It reads PEM straight away and keeps no {@code KeyStore}: a PKCS#12 store in memory costs a
 * short-lived command some 200 ms of key stretching and can't be changed.
 */
public final class ReloadableCredential {
  private final Supplier<CertifiedKey> source;
  private volatile Shown shown;

  private ReloadableCredential(Supplier<CertifiedKey> source, CertifiedKey first) {
    this.source = source;
    this.shown = new Shown(1, first, first);
  }

  /** The two newest credentials; odd and even numbers tell them apart in an alias. */
  private record Shown(long number, CertifiedKey current, CertifiedKey previous) {
    CertifiedKey get(String alias) {
      return alias.equals(alias()) ? current : previous;
    }

    String alias() {
      return "credential-" + number;
    }
  }

  /** Reads {@code source}, for example a PEM file, now and at every {@link #reload}. */
  public static ReloadableCredential open(Supplier<CertifiedKey> source) {
    return new ReloadableCredential(source, source.get());
  }

  /** A credential that only {@link #replace} changes. */
  public static ReloadableCredential of(CertifiedKey credential) {
    return new ReloadableCredential(() -> credential, credential);
  }

  public CertifiedKey current() {
    return shown.current();
  }

  /** Reads the source again. If that throws, the credential stays as it was. */
  public void reload() {
    replace(source.get());
  }

  public synchronized void replace(CertifiedKey next) {
    shown = new Shown(shown.number() + 1, next, shown.current());
  }

  X509ExtendedKeyManager keyManager() {
    return new Manager();
  }

  /**
   * Key and chain are asked for one after the other by an alias; since the alias names one of the
   * two newest credentials, a handshake that meets a reload gets both from the same one.
   */
  private final class Manager extends X509ExtendedKeyManager {
    private String[] aliases(String... keyTypes) {
      boolean wanted = Arrays.stream(keyTypes).anyMatch(type -> type.startsWith("EC"));
      return wanted ? new String[] {shown.alias()} : new String[0];
    }

    private String alias(String... keyTypes) {
      String[] found = aliases(keyTypes);
      return found.length == 0 ? null : found[0];
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return aliases(keyType);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return aliases(keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return alias(keyTypes);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return alias(keyType);
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return alias(keyTypes);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return alias(keyType);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return shown.get(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return shown.get(alias).privateKey();
    }
  }

  @Override
  public String toString() {
    return "ReloadableCredential[" + current() + "]";
  }
}
