package io.holdfast.coordinator.rpc;

import io.grpc.BindableService;
import java.util.List;

/** What people are served, by whichever door they come. */
public record PeopleServices(
    AdminService admin, PeopleService people, AuditLogService auditLog, KeysService keys) {
  public List<BindableService> all() {
    return List.of(admin, people, auditLog, keys);
  }
}
