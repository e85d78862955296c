"""Attacks on standing: farms, rings, sold vouches, slander, a hostile server, burners; ours against five rivals.

Plays them on planted towns (benchmarks/_attacks_town.py), under the shipped `vetting.reputation` and under counting
vouches, PageRank, EigenTrust, SybilRank and Beta, each scaled so that the mean honest member gets 8 promotions a day
of a full allowance of 20; then asks real ratings (benchmarks/_attacks_otc.py). Fails, naming them, if gates do not
hold.
"""

import argparse
import sys
import time
from pathlib import Path

from benchmarks import _attacks_otc as otc
from benchmarks import _attacks_town as town
from benchmarks import _attacks_trials as trials
from benchmarks._attacks_rivals import FULL_A_DAY, HONEST_MEAN, SYSTEMS, ours, scale
from benchmarks._attacks_variants import PLANTS, VARIANTS, Change
from benchmarks._figures import figures, say
from vetting import reputation

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main(words: list[str]) -> int:
    asked = _asked(words)
    variant = VARIANTS[asked.variant]
    planted = PLANTS[asked.plant] if asked.plant else Change("nothing")
    began = time.monotonic()
    with variant.made(), planted.made():
        setup = _setup(asked, variant)
        _introduce(setup, variant, planted)
        table = trials.measure(setup, say)
        _show(table, setup.systems)
        found, lacking = trials.values(table), _ask_ratings(asked.data, without=asked.without_data)
    say(f"\n{time.monotonic() - began:.0f} s")
    missed = trials.failures(table)
    for gate in trials.GATES:
        state = "FAILED" if gate.figure in missed else "holds"
        say(f"{state}: {gate.figure} {'at least' if gate.at_least else 'at most'} {gate.bound:.3g}")
    if lacking is None:
        say("FAILED: no ratings to ask; --without-data skips them.")
    figures(found | (lacking or {}))
    return 1 if missed or lacking is None else 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench attacks")
    parser.add_argument("--seeds", type=int, default=trials.SEEDS)
    parser.add_argument("--members", type=int, default=trials.MEMBERS)
    parser.add_argument("--variant", choices=VARIANTS, default="shipped", help="other numbers; rivals are left out")
    parser.add_argument("--plant", choices=PLANTS, help="a fault that a gate must see; rivals are left out")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the Bitcoin-OTC ratings")
    parser.add_argument("--without-data", action="store_true")
    return parser.parse_args(words)


def _setup(asked: argparse.Namespace, variant: Change) -> trials.Setup:
    alone = asked.plant or asked.variant != "shipped"
    return trials.Setup(
        members=asked.members,
        members_of_burners=min(asked.members, trials.MEMBERS_OF_BURNERS),
        seeds=asked.seeds,
        anchors=variant.anchors,
        lending=variant.lending,
        systems=("ours",) if alone else tuple(SYSTEMS),
    )


def _introduce(setup: trials.Setup, variant: Change, planted: Change) -> None:
    """What is played, and what our own unit would give the first town: it should be close to the common volume."""
    net = town.build(setup.members, trials.chance_of(1, "town"), anchors=setup.anchors, lending=setup.lending)
    x = ours(net)
    unit = reputation.unit([reputation.mass_median(x[net.anchors == 0])])
    own = FULL_A_DAY * float((x / unit).clip(max=1).mean())
    say(f"Towns of {setup.members:,} members and {len(net.weight):,} words, {setup.anchors:.0%} of them anchors.")
    say(f"Model: {variant.says}. Planted: {planted.says}.")
    say(
        f"Ours at its own unit, {unit:.3f}, gives {own:.2f} promotions a day in the mean; from here on all systems give"
    )
    say(f"{HONEST_MEAN:g} of {FULL_A_DAY:g} (ours: 100 points = {scale(x, net.members):.4f}).")


def _show(table: trials.Table, systems: tuple[str, ...]) -> None:
    """Row by row: the mean over seeds, and the worst seed."""
    say(f"\n{'mean (worst seed)':<46}" + "".join(f"{system:>18}" for system in systems))
    for row, cells in table.items():
        say(f"{row:<46}" + "".join(f"{_short(one.mean):>9} ({_short(one.worst)})".rjust(18) for one in cells.values()))


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


def _ask_ratings(folder: Path, *, without: bool) -> dict[str, float] | None:
    """The figures of the real ratings; none if they are not wanted, None if they are missing."""
    if without:
        return {}
    all_of_them = otc.read(folder)
    if all_of_them is None:
        say(f"\nBitcoin-OTC: {otc.RATINGS} and {otc.LABELS} are not in {folder}; skipped.")
        return None
    fewer = all_of_them.without_the_labels_sources()
    say(f"\nBitcoin-OTC, AUC: with all {len(all_of_them.rater):,} ratings; with the {len(fewer.rater):,} that are left")
    say("without those that members labelled trustworthy gave to labelled members: the labels were made from them.")
    found: dict[str, list[float]] = {}
    for choice, anchors_of in otc.CHOICES.items():
        anchors = anchors_of(all_of_them)
        labelled = int((all_of_them.label[anchors] != 0).sum())
        say(f"  anchors: {choice} ({len(anchors)}, of them {labelled} labelled and not judged)")
        for name, ranking in otc.RANKINGS.items():
            both = [otc.auc(ranking(one, anchors), one, anchors) for one in (all_of_them, fewer)]
            found.setdefault(name, both)
            say(f"    {name:<12}{both[0]:.3f}   {both[1]:.3f}")
    return {"bitcoin_otc_auc": found["ours"][1], "bitcoin_otc_auc_all_ratings": found["ours"][0]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
