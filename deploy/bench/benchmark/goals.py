"""The goals: Holdfast's figure over the best peer's in the same sitting; lower is better."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    workload: str
    phase: str
    figure: str  # wall, cpu (both sides), stored, grown
    must: float
    stretch: float
    beside: str = None  # the peers' phase, where it isn't the same
    start: str = None  # of ours, where the other one has another goal


RATIOS = (
    Goal("mixed", "first", "wall", 0.45, 0.30),
    Goal("mixed", "first", "cpu", 0.50, 0.33),
    Goal("mixed", "first", "stored", 0.97, 0.92),
    Goal("mixed", "day2", "wall", 0.50, 0.35),
    Goal("mixed", "day2", "grown", 1.0, 0.6),
    Goal("mixed", "restore", "wall", 0.60, 0.45),
    Goal("mixed", "verify", "wall", 0.40, 0.25),
    Goal("mixed", "verify-checked", "wall", 0.40, 0.25, beside="verify"),
    Goal("small", "first", "wall", 0.30, 0.18),
    Goal("small", "first", "cpu", 0.35, 0.22),
    Goal("small", "first", "stored", 0.50, 0.45),
    Goal("small", "unchanged", "wall", 0.25, 0.13),
    Goal("small", "unchanged-cold", "wall", 0.40, 0.25),
    Goal("small", "restore", "wall", 0.60, 0.35),
    Goal("mixed", "single", "wall", 0.50, 0.25, start="fresh"),
    Goal("mixed", "single", "wall", 0.25, 0.10, start="warm"),
    Goal("small", "single", "wall", 0.50, 0.25, start="fresh"),
    Goal("small", "single", "wall", 0.25, 0.10, start="warm"),
    Goal("vm", "first", "wall", 0.40, 0.25),
    Goal("vm", "first", "stored", 1.0, 1.0),
    Goal("vm", "day2", "wall", 0.35, 0.20),
    Goal("vm", "day2", "grown", 0.15, 0.11),
    Goal("vm", "restore", "wall", 0.50, 0.30),
    Goal("db", "first", "wall", 0.45, 0.30),
    Goal("db", "first", "stored", 1.0, 1.0),
    Goal("db", "day2", "wall", 0.45, 0.25),
    Goal("db", "day2", "grown", 0.12, 0.08),
    Goal("incompressible", "first", "wall", 0.60, 0.40),
    Goal("fleet", "first", "wall", 0.45, 0.30),
    Goal("fleet", "first", "stored", 0.97, 0.90),
    Goal("fleet", "first-at-once", "wall", 0.30, 0.20, beside="first"),
    Goal("fleet", "swept", "stored", 1.03, 0.97, beside="first"),
)

AGENT_MIB_MAX = 160
COORDINATOR_MIB_MAX = 512
COORDINATOR_CPU_SHARE_MAX = 0.15
