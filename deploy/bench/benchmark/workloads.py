"""The trees of files: mixed, small, incompressible, fleet."""

import os
from concurrent.futures import ProcessPoolExecutor

from .content import MIB, log_lines, lognorm, media, office, rng, table, text
from .packages import copy_real, real_files
from .trees import all_files, put, stamp, stamp_dirs

# Kind of content: MiB in all, folder.
_MIXED = {
    "real": (480, "system"),
    "src": (260, "projects"),
    "log": (320, "var/log"),
    "media": (520, "media"),
    "office": (100, "documents"),
    "table": (120, "srv/data"),
}
# Kind, part, parts of that kind: each part is made by a process of its own.
_MIXED_PARTS = (
    [("log", part, 4) for part in range(4)]
    + [("real", 0, 1)]
    + [("src", part, 4) for part in range(4)]
    + [("media", part, 2) for part in range(2)]
    + [("table", part, 2) for part in range(2)]
    + [("office", 0, 1)]
)


def _mixed_part(job):
    current, part, scale = job
    kind, index, parts = part
    random = rng("mixed", part)
    mib, folder = _MIXED[kind]
    goal = mib * MIB * scale / parts
    base = os.path.join(current, folder)
    if kind == "real":
        copy_real(base, real_files(int(goal / MIB)), random)
        return
    made = number = 0
    while made < goal:
        number += 1
        name, data, size = _mixed_file(random, kind, index, number)
        put(os.path.join(base, name), data, random)
        made += size


def _mixed_file(random, kind, index, number):
    """Name, content and wanted size of one file."""
    match kind:
        case "src":
            size = lognorm(random, 5200, 1.1, 60, 400_000)
            folder = f"p{index * 12 + random.randrange(12):02d}/mod{random.randrange(9):02d}"
            package = random.randrange(6)
            ending = random.choice(("java", "c", "py", "h", "md", "ts"))
            name = f"{folder}/pkg{package}/File{number:06d}.{ending}"
            return name, text(random, size, "prose" if ending == "md" else "src"), size
        case "log":
            size = lognorm(random, 6 * MIB, 0.9, 20_000, 40 * MIB)
            style = random.choice(("json", "csv", "access"))
            name = f"{index}/svc{random.randrange(8):02d}/{style}-{number:04d}.log"
            return name, log_lines(random, size, style), size
        case "media":
            size = lognorm(random, 1.2 * MIB, 1.3, 30_000, 90 * MIB)
            name = f"{index}/album{random.randrange(20):02d}/img{number:05d}.jpg"
            return name, media(random, size), size
        case "office":
            size = lognorm(random, 300_000, 0.9, 8_000, 5 * MIB)
            name = f"{index}/dept{random.randrange(9)}/doc{number:05d}.docx"
            return name, office(random, size), size
        case "table":
            size = lognorm(random, 5 * MIB, 1, 50_000, 30 * MIB)
            return f"{index}/t{number:03d}.dat", table(random, size), size


def generate_mixed(current, scale):
    with ProcessPoolExecutor() as pool:
        list(pool.map(_mixed_part, [(current, part, scale) for part in _MIXED_PARTS]))
    random = rng("mixed", "dups")
    _add_copies(current, 280 * MIB * scale, random)
    for number in range(40):
        os.makedirs(os.path.join(current, f"empty/d{number:02d}"))
        put(os.path.join(current, f"empty/f{number:02d}"), b"", random)
        link = os.path.join(current, f"empty/link{number:02d}")
        os.symlink(f"f{number:02d}", link)
        stamp(link, number * 1000)
    stamp_dirs(current)


def _add_copies(current, goal, random):
    """Copies, a third of them with something inserted near the front."""
    sources = all_files(current)
    made = 0
    while made < goal:
        source = sources[random.randrange(len(sources))]
        size = os.path.getsize(source)
        if size > 24 * MIB or (size < 100_000 and random.random() < 0.6):
            continue
        with open(source, "rb") as file:
            data = file.read()
        if random.random() < 0.35:
            at = random.randrange(min(len(data), 65536) + 1)
            data = data[:at] + text(random, random.randrange(1, 3000), "prose") + data[at:]
        folder = os.path.join(current, f"archive/old-{random.randrange(5)}")
        put(os.path.join(folder, os.path.relpath(source, current)), data, random)
        made += len(data)


def _small_part(job):
    current, index, count = job
    random = rng("small", index)
    for number in range(count):
        size = lognorm(random, 2200, 0.75, 512, 8192)
        ending = ("json", "txt", "java", "csv")[random.getrandbits(2)]
        data = text(random, size, "prose" if ending in ("json", "csv") else "src")
        folder = f"a{index:02d}/b{number % 25:02d}/c{number // 25 % 20:02d}"
        put(os.path.join(current, folder, f"f{number:06d}.{ending}"), data, random)


def generate_small(current, scale):
    count = int(200_000 * scale) // 40
    with ProcessPoolExecutor() as pool:
        list(pool.map(_small_part, [(current, index, count) for index in range(40)]))
    stamp_dirs(current)


def generate_incompressible(current, scale):
    random = rng("inc", "sizes")
    left, number = int(2048 * MIB * scale), 0
    while left > 0:
        number += 1
        size = min(left, random.randrange(1, 200) * MIB + random.getrandbits(16))
        path = os.path.join(current, f"d{number % 4}/blob{number:03d}.bin")
        put(path, rng("inc", number).blob(size), random)
        left -= size
    stamp_dirs(current)


def _fleet_host(job):
    current, host, scale = job
    base = os.path.join(current, f"host{host}")
    _fleet_shared(base, scale)
    random = rng("fleet", "own", host)
    for number in range(int(400 * scale)):
        shared = rng("fleet", "conf", number)
        data = text(shared, lognorm(shared, 3000, 0.8, 200, 40_000), "src")
        at = shared.randrange(len(data))
        line = f"hostname=host{host}.example.net\n".encode()
        path = os.path.join(base, f"etc/conf.d/{number:04d}.conf")
        put(path, data[:at] + line + data[at:], random)
    for number in range(max(1, int(8 * scale))):
        data = log_lines(random, int(2.2 * MIB), "json")
        put(os.path.join(base, f"var/log/app{number}.log"), data, random)
    for number in range(int(20 * scale)):
        data = media(random, lognorm(random, 900_000, 0.5, 1000, 3 * MIB))
        put(os.path.join(base, f"srv/up/{number}.jpg"), data, random)


def _fleet_shared(base, scale):
    """The same on every host: the system and its applications."""
    copy_real(os.path.join(base, "root"), real_files(int(230 * scale)), rng("fleet", "meta"))
    random = rng("fleet", "base")
    for number in range(int(1500 * scale)):
        data = text(random, lognorm(random, 14_000, 1, 100, 300_000))
        put(os.path.join(base, f"opt/app/lib{number:04d}.txt"), data, random)
    for number in range(int(30 * scale)):
        data = office(random, lognorm(random, 700_000, 0.7, 50_000, 4 * MIB))
        put(os.path.join(base, f"opt/app/pack{number:03d}.jar"), data, random)


def generate_fleet(current, scale):
    with ProcessPoolExecutor() as pool:
        list(pool.map(_fleet_host, [(current, host, scale) for host in range(8)]))
    stamp_dirs(current)
