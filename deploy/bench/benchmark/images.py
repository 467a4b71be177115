"""What is changed in place: a disk image and a database, each as of day 1 and of day 2."""

import os
import struct
import subprocess
import zlib
from concurrent.futures import ProcessPoolExecutor

from .content import EPOCH, MIB, log_lines, lognorm, media, rng, table, text, vocab
from .packages import real_files
from .trees import put, stamp, stamp_dirs

BLOCK = 4096
PAGE = 8192
_INODE = struct.Struct("<HHIIIIIHHI")
_TUPLE = struct.Struct("<IIIHHHBBqqd")
_PAGE_HEADER = struct.Struct("<QHHHHHHI")
_INDEX_ENTRY = struct.Struct("<IHHQ")

# ---------------------------------------------------------------- the disk image


def _image_layout(scale):
    """Size of the image, and (offset, length, kind, key) of files in it, free space between."""
    random = rng("vm", "layout")
    size = int(4096 * MIB * scale)
    offset, extents, key = 4 * MIB, [], 0
    kinds = ("real", "text", "log", "media", "table", "zeros", "meta")
    while offset < size - 64 * MIB:
        key += 1
        if random.random() < 0.015:
            offset += random.randrange(1, 60) * MIB // 4 * 4
            continue
        kind = random.choices(kinds, (30, 14, 12, 14, 8, 2, 12))[0]
        lengths = {
            "real": lognorm(random, 900_000, 1.2, 4096, 40 * MIB),
            "text": lognorm(random, 90_000, 1.3, 300, 8 * MIB),
            "log": lognorm(random, 900_000, 1, 4096, 16 * MIB),
            "media": lognorm(random, 900_000, 1.1, 4096, 40 * MIB),
            "table": lognorm(random, MIB, 1, 8192, 12 * MIB),
            "zeros": random.randrange(1, 200) * BLOCK,
            "meta": random.randrange(1, 64) * BLOCK,
        }
        extents.append((offset, lengths[kind], kind, key))
        offset += (lengths[kind] + BLOCK - 1) // BLOCK * BLOCK
    return size, extents


def _inode(random):
    return _INODE.pack(
        0o100644, 0, random.getrandbits(20), EPOCH - random.getrandbits(20),
        EPOCH, EPOCH, 0, 1, 8, random.getrandbits(22),
    ).ljust(256, b"\0")  # fmt: skip


def _extent(random, kind, length, real):
    match kind:
        case "real":
            data = b""
            while len(data) < length:
                with open(real[random.randrange(len(real))], "rb") as file:
                    data += file.read(length)
            return data[:length]
        case "text":
            return text(random, length)
        case "log":
            return log_lines(random, length, random.choice(("json", "access")))
        case "media":
            return media(random, length)
        case "table":
            return table(random, length)
        case "zeros":
            return bytes(length)
        case "meta":
            return b"".join(_inode(random) for _ in range(length // 256))


def _fill_image(job):
    path, extents = job
    real = real_files(480)
    with open(path, "r+b") as image:
        for offset, length, kind, key in extents:
            image.seek(offset)
            image.write(_extent(rng("vm", "x", key), kind, length, real))


def _overwrite(image, random, extents, goal):
    """Overwrites so many bytes by runs of 4 to 64 KiB: text, random bytes, or small edits."""
    changed = 0
    while changed < goal:
        offset, length, _, _ = extents[random.randrange(len(extents))]
        run = BLOCK * random.randrange(1, 17)
        if length < run:
            continue
        at = offset + random.randrange((length - run) // BLOCK + 1) * BLOCK
        match random.randrange(3):
            case 0:
                data = text(random, run)
            case 1:
                data = random.blob(run)
            case _:
                image.seek(at)
                data = bytearray(image.read(run))
                for block in range(0, run, BLOCK):
                    edit = block + random.randrange(4000)
                    data[edit : edit + 8] = random.randbytes(8)
        image.seek(at)
        image.write(data)
        changed += run


def _insert(image, random, extents, times):
    """Saves files of the image again with bytes inserted at their front: all behind them moves."""
    large = [extent for extent in extents if 2 * MIB < extent[1] < 8 * MIB]
    for _ in range(times):
        offset, length, _, _ = large[random.randrange(len(large))]
        image.seek(offset)
        data = image.read(length)
        image.seek(offset)
        image.write((text(random, random.randrange(17, 3000), "prose") + data)[:length])


def generate_vm(current, scale, following):
    os.makedirs(current)
    os.makedirs(following)
    size, extents = _image_layout(scale)
    day1, day2 = (os.path.join(folder, "disk.img") for folder in (current, following))
    with open(day1, "wb") as image:
        image.truncate(size)
    with ProcessPoolExecutor() as pool:
        list(pool.map(_fill_image, [(day1, extents[part::8]) for part in range(8)]))
    subprocess.run(["cp", "--sparse=always", day1, day2], check=True)
    random = rng("vm", "day2")
    with open(day2, "r+b") as image:
        _overwrite(image, random, extents, 0.02 * sum(length for _, length, _, _ in extents))
        _insert(image, random, extents, max(1, int(8 * scale)))
        image.seek(size - 60 * MIB)  # new files in free space
        image.write(log_lines(random, 6 * MIB, "json"))
        image.write(media(random, 6 * MIB))
    for path, days in ((day1, 2), (day2, 1)):
        os.chmod(path, 0o600)
        stamp(path, 86400 * days)
    stamp_dirs(current)
    stamp_dirs(following)


# ---------------------------------------------------------------- the database


def _heap_tuple(random, lsn, key):
    words = vocab("prose")
    bits = random.randbytes(12)
    head = _TUPLE.pack(
        700 + (lsn & 0xFFFF), 0, 0, 3, 9, 0x902, 24, 0, key,
        EPOCH * 10**6 + random.getrandbits(36), round(random.random() * 5000, 2),
    )  # fmt: skip
    names = b"".join(words[bits[at] | bits[at + 1] << 8] for at in range(0, 8, 2))
    state = b"active\0\0" if bits[8] < 200 else b"deleted\0"
    row = head + names + state + bits[8:12].hex().encode()
    return row.ljust((len(row) + 7) & ~7, b"\0")


def _page_body(random, lsn, kind):
    body = []
    if kind == "index":
        key = random.getrandbits(30)
        for _ in range(360):
            key += random.getrandbits(4) + 1
            entry = (random.getrandbits(17), random.getrandbits(7), 16, key)
            body.append(_INDEX_ENTRY.pack(*entry))
        return body
    filled, key = 0, random.getrandbits(31)
    while filled < 7200:
        key += 1
        body.append(_heap_tuple(random, lsn, key))
        filled += len(body[-1]) + 4
    return body


def _page(random, lsn, kind):
    """A page in PostgreSQL's layout: header, line pointers, then tuples up to the end."""
    body = _page_body(random, lsn, kind)
    lower = _PAGE_HEADER.size + 4 * len(body)
    data = b"".join(body)[: PAGE - lower]
    upper = PAGE - len(data)
    pointers, at = [], PAGE
    for row in body:
        at -= len(row)
        pointers.append((max(at, upper) & 0x7FFF) | 1 << 15 | (len(row) & 0x7FFF) << 17)
    check = zlib.crc32(data) & 0xFFFF
    header = _PAGE_HEADER.pack(lsn, check, 0, lower, upper, PAGE, PAGE | 4, 0)
    header += struct.pack(f"<{len(pointers)}I", *pointers)
    return header.ljust(upper, b"\0") + data


def _hot_pages(random, count):
    """5 % of the pages, in short runs, most of them near the end."""
    hot, goal = set(), max(1, round(count * 0.05))
    while len(hot) < goal:
        at = count - 1 - int(count * random.random() ** 2.5)
        for page in range(at, min(count, at + 1 + random.getrandbits(2))):
            if len(hot) < goal:
                hot.add(page)
    return sorted(hot)


def _changed(random, page, kind):
    """Another log position and checksum, and some tuples or all of them."""
    if random.random() < 0.4:
        page = bytearray(_page(random, 2 * 10**9, kind))
    else:
        page = bytearray(page)
        for _ in range(random.randrange(1, 6)):
            at = random.randrange(1600, 8100)
            page[at : at + 24] = random.randbytes(24)
    lsn = 2 * 10**9 + random.getrandbits(28)
    page[0:10] = struct.pack("<QH", lsn, random.getrandbits(16))
    return bytes(page)


def _database_files(scale):
    """(number, pages, kind) of each file."""
    random = rng("db", "layout")
    left, files, number = int(131072 * scale), [], 0
    while left > 0:
        number += 1
        pages = min(left, lognorm(random, 700, 2.1, 1, 24000))
        files.append((16384 + number * 3, pages, "index" if random.random() < 0.35 else "heap"))
        left -= pages
    return files


def _database_file(job):
    current, following, number, count, kind = job
    random = rng("db", number)
    pages = [_page(random, 10**9 + random.getrandbits(28), kind) for _ in range(count)]
    name = f"base/16384/{number}"
    put(os.path.join(current, name), b"".join(pages), rng("db", "m", number, 1), 0o600)
    for page in _hot_pages(random, count):
        pages[page] = _changed(random, pages[page], kind)
    for _ in range(count // 200):
        pages.append(_page(random, 2 * 10**9 + random.getrandbits(28), kind))
    put(os.path.join(following, name), b"".join(pages), rng("db", "m", number, 2), 0o600)


def generate_db(current, scale, following):
    jobs = [(current, following, *file) for file in _database_files(scale)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_database_file, jobs))
    stamp_dirs(current)
    stamp_dirs(following)
