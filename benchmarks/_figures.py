"""How benchmarks speak: what they do as they go, and their figures last, one a line."""

from collections.abc import Mapping, Sequence


def say(words: str) -> None:
    print(words, flush=True)


def figures(found: Mapping[str, float]) -> None:
    """`name = value`, one a line; whole numbers as such, others with as many digits as mean something."""
    print()
    for name, value in found.items():
        text = str(value) if isinstance(value, int) else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
        print(f"{name} = {text}", flush=True)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
