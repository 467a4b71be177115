package io.holdfast.coordinator.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** When runs may begin: in any of the windows, or at any time if there is none. */
public record Windows(List<Window> windows) {
  public static final Windows ALWAYS = new Windows(List.of());

  /** Past the longest time that no window of a weekly round opens, a skipped day included. */
  private static final int DAYS_AROUND = 10;

  public Windows {
    windows = List.copyOf(windows);
  }

  public boolean isAlways() {
    return windows.isEmpty();
  }

  /** What is open at {@code from} or opens next; it opens at {@code from} at the earliest. */
  public Span next(Instant from, ZoneId zone) {
    if (isAlways()) {
      return new Span(from, Instant.MAX);
    }
    Span span =
        around(from, zone).stream()
            .filter(each -> each.closes().isAfter(from))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(windows + " never open after " + from));
    return span.contains(from) ? new Span(from, span.closes()) : span;
  }

  /** The last closing at or before {@code to}; there must be windows. */
  Instant lastClosing(Instant to, ZoneId zone) {
    return around(to, zone).reversed().stream()
        .map(Span::closes)
        .filter(closes -> !closes.isAfter(to))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(windows + " never closed before " + to));
  }

  /** The first instant after {@code after} at which a window opens or closes. */
  Optional<Instant> nextBoundary(Instant after, ZoneId zone) {
    return around(after, zone).stream()
        .flatMap(span -> List.of(span.opens(), span.closes()).stream())
        .filter(boundary -> boundary.isAfter(after))
        .findFirst();
  }

  /** In order, none touching the next. */
  private List<Span> around(Instant time, ZoneId zone) {
    LocalDate day = LocalDate.ofInstant(time, zone).minusDays(DAYS_AROUND);
    List<Span> spans = new ArrayList<>();
    for (int days = 0; days <= 2 * DAYS_AROUND; days++) {
      LocalDate each = day.plusDays(days);
      windows.forEach(window -> window.on(each, zone).ifPresent(spans::add));
    }
    spans.sort(Comparator.comparing(Span::opens));
    return merged(spans);
  }

  private static List<Span> merged(List<Span> sorted) {
    List<Span> out = new ArrayList<>();
    for (Span span : sorted) {
      if (out.isEmpty() || out.getLast().closes().isBefore(span.opens())) {
        out.add(span);
      } else if (out.getLast().closes().isBefore(span.closes())) {
        out.set(out.size() - 1, new Span(out.getLast().opens(), span.closes()));
      }
    }
    return out;
  }
}
