package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A vault that misbehaves in every way a store and the network before it may, or mustn't and do.
 * What it does is drawn from a seed, with a chance per kind of {@link Mischief}, or ordered once by
 * a test. It lies about what is read and when, but never about who won a create: a store that does
 * that is for the self-test to refuse.
 */
public final class HostileVault extends ForwardingVault {
  private static final int RECENT = 4;
  private static final int REMEMBERED = 256;

  private record Late(ObjectName name, ByteBuffer content) {}

  private final RandomGenerator random;
  private final Map<Mischief, Double> chances = new EnumMap<>(Mischief.class);
  private final Map<Mischief, Integer> ordered = new EnumMap<>(Mischief.class);
  private final Map<Mischief, Integer> done = new EnumMap<>(Mischief.class);
  private final List<Late> late = new ArrayList<>();
  private final Deque<ObjectName> created = new ArrayDeque<>();

  public HostileVault(Vault target, long seed) {
    super(target);
    random = new SplittableRandom(seed);
  }

  /** From now on each call it applies to misbehaves so with this chance. */
  public synchronized HostileVault with(Mischief mischief, double chance) {
    chances.put(mischief, chance);
    return this;
  }

  /** The next call it applies to misbehaves so. */
  public synchronized HostileVault once(Mischief mischief) {
    ordered.merge(mischief, 1, Integer::sum);
    return this;
  }

  /** Ends all mischief; what has yet to land still may. */
  public synchronized void calm() {
    chances.clear();
    ordered.clear();
  }

  /** How often it misbehaved so. */
  public synchronized int count(Mischief mischief) {
    return done.getOrDefault(mischief, 0);
  }

  /** Everything that is under way arrives now. */
  public synchronized void land() {
    late.forEach(this::landOne);
    late.clear();
  }

  private void landOne(Late arriving) {
    CreateOutcome unheard = super.create(arriving.name(), arriving.content());
    remember(arriving.name(), unheard);
  }

  private boolean does(Mischief mischief) {
    int orders = ordered.getOrDefault(mischief, 0);
    boolean does = orders > 0 || random.nextDouble() < chances.getOrDefault(mischief, 0.0);
    if (does) {
      ordered.put(mischief, Math.max(0, orders - 1));
      done.merge(mischief, 1, Integer::sum);
    }
    return does;
  }

  private void begin() {
    if (!late.isEmpty() && random.nextInt(3) == 0) {
      landOne(late.remove(random.nextInt(late.size())));
    }
    if (does(Mischief.FAIL_BEFORE)) {
      throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "hostile: no answer");
    }
  }

  private static HoldfastException nobodyKnows() {
    return new HoldfastException(ErrorCode.VAULT_OUTCOME_UNKNOWN, "hostile: the answer was lost");
  }

  private void remember(ObjectName name, CreateOutcome outcome) {
    if (outcome instanceof CreateOutcome.Created) {
      created.addLast(name);
    }
    if (created.size() > REMEMBERED) {
      created.removeFirst();
    }
  }

  private List<ObjectName> recent() {
    return created.stream().skip(Math.max(0, created.size() - RECENT)).toList();
  }

  @Override
  public synchronized CreateOutcome create(ObjectName name, ByteBuffer... content) {
    begin();
    if (does(Mischief.NEVER_LANDS)) {
      return new CreateOutcome.Unknown(nobodyKnows());
    }
    if (does(Mischief.LANDS_LATE)) {
      late.add(new Late(name, ByteBuffer.wrap(MemoryVault.joined(content))));
      return new CreateOutcome.Unknown(nobodyKnows());
    }
    CreateOutcome outcome = super.create(name, content);
    remember(name, outcome);
    return does(Mischief.FAIL_AFTER) ? new CreateOutcome.Unknown(nobodyKnows()) : outcome;
  }

  @Override
  public synchronized ObjectWriter newObject(ObjectName name) {
    begin();
    return new HostileWriter(super.newObject(name));
  }

  @Override
  public synchronized Optional<byte[]> find(ObjectName name, int maxBytes) {
    begin();
    return hides(name) ? Optional.empty() : super.find(source(name), maxBytes).map(this::spoil);
  }

  @Override
  public synchronized ObjectReader open(ObjectName name) {
    begin();
    if (hides(name)) {
      throw VaultErrors.notFound(this, name);
    }
    return new HostileReader(super.open(source(name)), name);
  }

  @Override
  public synchronized OptionalLong size(ObjectName name) {
    begin();
    return hides(name) ? OptionalLong.empty() : super.size(name);
  }

  private boolean hides(ObjectName name) {
    return recent().contains(name) && does(Mischief.LATE_VISIBILITY);
  }

  private ObjectName source(ObjectName name) {
    List<ObjectName> others =
        created.stream()
            .filter(o -> !o.equals(name) && directory(o).equals(directory(name)))
            .toList();
    return !others.isEmpty() && does(Mischief.OTHER_OBJECT)
        ? others.get(random.nextInt(others.size()))
        : name;
  }

  private static String directory(ObjectName name) {
    return name.value().substring(0, name.value().lastIndexOf('/') + 1);
  }

  private byte[] spoil(byte[] content) {
    if (content.length > 0 && does(Mischief.SHORT_READ)) {
      return Arrays.copyOf(content, random.nextInt(content.length));
    }
    if (content.length > 0 && does(Mischief.FLIPPED_READ)) {
      content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return content;
  }

  @Override
  public synchronized void list(
      ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    begin();
    List<ObjectName> hidden = does(Mischief.STALE_LIST) ? recent() : List.of();
    int[] left = {does(Mischief.PARTIAL_LIST) ? random.nextInt(8) : Integer.MAX_VALUE};
    super.list(
        prefix,
        startAfter,
        name -> hidden.contains(name) || (left[0]-- > 0 && visitor.visit(name)));
  }

  @Override
  public synchronized void delete(ObjectName name) {
    begin();
    super.delete(name);
    if (does(Mischief.FAIL_AFTER)) {
      throw nobodyKnows();
    }
  }

  private final class HostileWriter implements ObjectWriter {
    private final ObjectWriter writer;

    HostileWriter(ObjectWriter writer) {
      this.writer = writer;
    }

    @Override
    public ObjectName name() {
      return writer.name();
    }

    @Override
    public long size() {
      return writer.size();
    }

    @Override
    public void append(ByteBuffer... buffers) {
      synchronized (HostileVault.this) {
        begin();
        writer.append(buffers);
      }
    }

    @Override
    public long finish() {
      synchronized (HostileVault.this) {
        begin();
        long size = writer.finish();
        remember(name(), new CreateOutcome.Created(size));
        if (does(Mischief.FAIL_AFTER)) {
          throw nobodyKnows();
        }
        return size;
      }
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  private final class HostileReader implements ObjectReader {
    private final ObjectReader reader;
    private final ObjectName name;

    HostileReader(ObjectReader reader, ObjectName name) {
      this.reader = reader;
      this.name = name;
    }

    @Override
    public ObjectName name() {
      return name;
    }

    @Override
    public long size() {
      return reader.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      synchronized (HostileVault.this) {
        begin();
        byte[] content = new byte[into.remaining()];
        reader.read(offset, ByteBuffer.wrap(content));
        byte[] spoiled = spoil(content);
        into.put(spoiled);
        if (spoiled.length < content.length) {
          throw VaultErrors.endsEarly(name, offset + spoiled.length, offset + content.length);
        }
      }
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
