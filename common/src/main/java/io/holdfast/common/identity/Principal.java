package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import java.util.regex.Pattern;

/** Whom a certificate names: the role and id of its URI {@code holdfast://fleet/role/id}. */
public sealed interface Principal {
  /** The role as the URI spells it. */
  String role();

  /** The id as the URI spells it. */
  String id();

  /** An enrolled host's agent. */
  record HostPrincipal(HostId host) implements Principal {
    @Override
    public String role() {
      return "host";
    }

    @Override
    public String id() {
      return host.toString();
    }
  }

  /** A coordinator on the wire, as server and as client of its peers. */
  record CoordinatorPrincipal(CoordinatorId coordinator) implements Principal {
    @Override
    public String role() {
      return "coordinator";
    }

    @Override
    public String id() {
      return coordinator.toString();
    }
  }

  /** The key by which a coordinator signs journal records; never seen in TLS. */
  record JournalWriter(CoordinatorId coordinator) implements Principal {
    @Override
    public String role() {
      return "journal";
    }

    @Override
    public String id() {
      return coordinator.toString();
    }
  }

  /** A person or a script of theirs. What they may do is the journal's to say. */
  record OperatorPrincipal(String name) implements Principal {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** INVALID_ARGUMENT unless the name can stand in a URI as it is. */
    public OperatorPrincipal {
      if (!NAME.matcher(name).matches()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "an operator's name is up to 64 of a-z, 0-9, dot, dash and underscore, and begins with"
                + " a letter or digit");
      }
    }

    @Override
    public String role() {
      return "operator";
    }

    @Override
    public String id() {
      return name;
    }
  }
}
