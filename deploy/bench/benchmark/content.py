"""Seeded content of the kinds that hosts hold: source, prose, logs, media, documents, tables."""

import functools
import hashlib
import random
import struct
import zlib
from array import array

MIB = 1 << 20
EPOCH = 1_750_000_000  # every time of a file is derived from this
SEED = 20260101


class Random(random.Random):
    def blob(self, size):
        """Random bytes, quickly."""
        blocks = []
        while size > 0:
            block = min(size, 16 * MIB)
            blocks.append(self.randbytes(block))
            size -= block
        return b"".join(blocks)


def rng(*key):
    """A source of its own for every key."""
    digest = hashlib.sha256(repr((SEED,) + key).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))


def lognorm(random, median, sigma, low, high):
    return int(min(high, max(low, median * 2.718281828 ** (random.gauss(0, 1) * sigma))))


# ---------------------------------------------------------------- words

_KEYWORDS = (
    "if (|return |for (int i = 0; i < |public |private static final |const |else {\n    |}\n|}\n\n|"
    ");\n    |);\n        |;\n    |;\n        |    // | = | == |(|)|, |.|->|import |#include <|void |"
    'int |String |struct |new |null|true|0|1|"|",\n    "|throw new IllegalStateException("|def |'
    "self.|    |\n|/* | */\n| * "
).split("|")
_STOPS = [". ", ", ", ".\n", "; ", ".\n\n"]
_TOKENS = 65536


def _skewed(random, pool, skew):
    """Picks the first ones more often."""
    return pool[int(len(pool) * random.random() ** skew)]


def _word(random):
    def syllable():
        start = random.choice("bcdfghjklmnprstvwz") + random.choice("aeiou")
        return start + (random.choice("nrstlm") if random.random() < 0.3 else "")

    return "".join(syllable() for _ in range(random.choice((1, 2, 2, 3, 3, 4))))


def _source_pools(random, words):
    names = []
    for word, other in zip(words, words[1:] + words[:1]):
        compound = random.random() < 0.6
        if not compound:
            names.append(word)
        elif random.random() < 0.5:
            names.append(word + other[0].upper() + other[1:])
        else:
            names.append(word + "_" + other)
    # Whole phrases come again: that is what makes real source compress well.
    phrases = []
    for _ in range(6000):
        parts = range(random.randrange(3, 9))
        phrases.append(
            "".join(
                random.choice(_KEYWORDS) if random.random() < 0.5 else _skewed(random, names, 3)
                for _ in parts
            )
        )
    return [(_KEYWORDS, 0.38, 1.6), (names, 0.34, 2.6), (phrases, 0.28, 2.2)]


def _prose_pools(random, words):
    phrases = []
    for _ in range(5000):
        parts = range(random.randrange(3, 8))
        phrases.append(" ".join(_skewed(random, words, 3) for _ in parts) + " ")
    return [([word + " " for word in words], 0.70, 2.8), (phrases, 0.2, 2.0), (_STOPS, 0.1, 1.5)]


@functools.cache
def vocab(kind):
    """65,536 weighted tokens of text like source (`src`) or prose."""
    random = rng("vocab", kind)
    words = [_word(random) for _ in range(9000)]
    pools = _source_pools(random, words) if kind == "src" else _prose_pools(random, words)
    tokens = []
    for pool, share, skew in pools:
        for _ in range(int(_TOKENS * share)):
            tokens.append(_skewed(random, pool, skew).encode())
    while len(tokens) < _TOKENS:
        tokens.append(b" ")
    random.shuffle(tokens)
    return tokens


# ---------------------------------------------------------------- contents


def text(random, size, kind="src"):
    tokens = vocab(kind)
    parts, made = [], 0
    while made < size:
        picks = array("H")
        picks.frombytes(random.randbytes(2 * max(64, (size - made) // 5)))
        part = b"".join(map(tokens.__getitem__, picks))
        parts.append(part)
        made += len(part)
    return b"".join(parts)[:size]


_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    "curl/7.88.1",
    "okhttp/4.12.0",
    "python-requests/2.31",
)


def _json_line(random, bits, time, host, path):
    level = "INFO" if random() < 0.93 else "WARN"
    status = 200 if random() < 0.95 else 404
    return (
        f'{{"ts":{time // 1000}.{time % 1000:03d},"level":"{level}","host":"{host}","path":"{path}"'
        f',"status":{status},"dur_us":{bits(17)},"trace":"{bits(64):016x}","ua":"{_AGENTS[bits(2)]}"}}\n'
    )


def _csv_line(random, bits, time, host, path):
    return f"{time},{host},{path},{bits(10)},{random() * 1000:.4f},{random() * 90:.4f},{bits(24)}\n"


def _access_line(random, bits, time, host, path):
    status = 200 if random() < 0.95 else 304
    return (
        f'{host} - - [{time}] "GET {path} HTTP/1.1" {status} {bits(15)} "-" "{_AGENTS[bits(2)]}"\n'
    )


_LINES = {"json": _json_line, "csv": _csv_line, "access": _access_line}


def _addresses(random):
    return [
        f"10.{random.randrange(4)}.{random.randrange(40)}.{random.randrange(255)}"
        for _ in range(600)
    ]


def _paths(random):
    paths = []
    for area in ("orders", "users", "items", "carts", "search", "login"):
        for action in ("list", "get", str(random.randrange(9999)), "update", "export"):
            paths.append(f"/api/v1/{area}/{action}")
    return paths


def log_lines(random, size, style):
    hosts, paths = _addresses(random), _paths(random)
    time = EPOCH * 1000 + random.randrange(10**9)
    line = _LINES[style]
    lines, made = [], 0
    while made < size:
        time += random.getrandbits(9)
        host, path = _skewed(random, hosts, 3), _skewed(random, paths, 2)
        lines.append(line(random.random, random.getrandbits, time, host, path))
        made += len(lines[-1])
    return "".join(lines).encode()[:size]


def media(random, size):
    """Compressed already: random bytes behind a small header."""
    return (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + random.blob(max(0, size - 12)))[:size]


def office(random, size):
    """As a zip file: deflated text between small headers."""
    parts, made = [], 0
    while made < size:
        data = zlib.compress(text(random, random.randrange(20_000, 200_000), "prose"), 1)
        parts.append(b"PK\x03\x04" + struct.pack("<IIQ", len(data), 0, 0) + data)
        made += len(parts[-1])
    return b"".join(parts)[:size]


def table(random, size):
    """Binary records, as in a columnar or key-value file."""
    names = vocab("prose")
    rows, made, key = [], 0, random.randrange(10**6)
    while made < size:
        key += random.randrange(1, 9)
        numbers = (key, random.getrandbits(12), random.getrandbits(3), 7)
        row = struct.pack("<QIHHd", *numbers, round(random.random() * 100, 2))
        rows.append(row + names[random.getrandbits(16)][:12].ljust(12, b"\0"))
        made += len(rows[-1])
    return b"".join(rows)[:size]
