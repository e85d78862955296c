"""The night job for `standing`, in a process of its own that does nothing else: `python -m benchmarks._standing_nights
MOMENT` asks for it, works it as a worker does, and prints how long it took, its phases and the most memory it held."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks import _bulk
from benchmarks._standing_town import EVENING

CHANGED, ENDED = 1000, 5000
"""Of a day: one word in a thousand is new, one in five thousand ends."""

_NEW = """
WITH fresh AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('vetting_evidence', 'id')) AS id, evidence_id, voucher_id, member_id, kind
    FROM vetting_edge WHERE evidence_id %% %(changed)s = 0 AND evidence_id <= %(edges)s
), line AS (
    INSERT INTO vetting_evidence (id, about, number, by, kind, source, at, word, commitment, previous, hash)
    SELECT fresh.id, about, 2000000 + fresh.id - %(edges)s, by, old.kind, 'bench:' || fresh.id, %(noon)s, word,
           commitment, previous, hash
    FROM fresh JOIN vetting_evidence AS old ON old.id = fresh.evidence_id
)
INSERT INTO vetting_edge (evidence_id, voucher_id, member_id, kind, at)
SELECT id, voucher_id, member_id, kind, %(noon)s FROM fresh
"""
_ENDED = """
UPDATE vetting_edge SET ended_at = %(noon)s
WHERE evidence_id %% %(ended)s = %(day)s AND evidence_id <= %(edges)s AND ended_at IS NULL
"""


@dataclass(frozen=True)
class Run:
    """One night job: wall seconds of the whole job, of its phases, and the most memory the process held, in MB."""

    job_s: float
    phases_s: dict[str, float]
    peak_mb: float


def one(days: int) -> Run:
    """The night that many days after the town was filled, in a fresh process."""
    moment = EVENING + timedelta(days=days, hours=4)
    command = [sys.executable, "-m", "benchmarks._standing_nights", moment.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The night job failed:\n{done.stdout}{done.stderr}")
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def pass_a_day(edges: int, day: int) -> None:
    """What a day brings: some words are new, some end; and autovacuum has been there."""
    noon = EVENING + timedelta(days=day, hours=-9)
    values = {"noon": noon, "edges": edges, "changed": CHANGED, "ended": ENDED, "day": day}
    with _bulk.unguarded():
        _bulk.run(_NEW, **values)
        _bulk.run(_ENDED, **values)
    _bulk.settle("vetting_standing", "vetting_edge")


class _Phases(logging.Handler):
    """Keeps the numbers of the line in which the night says how long its phases took."""

    seconds: dict[str, float]

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, dict):
            self.seconds = {name: value for name, value in record.args.items() if isinstance(value, float)}


def peak_mb() -> float:
    """VmHWM of this process (proc(5)), in MB of 10^6 bytes."""
    status = Path("/proc/self/status").read_text()
    kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kb) * 1024 / 1e6


def _main(moment: datetime) -> None:
    import django

    django.setup()
    from foundation import clock, jobs

    kept = _Phases()
    logger = logging.getLogger("vetting.nights")
    logger.addHandler(kept)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    with clock.at(moment):
        jobs.add("standing-night", {}, key="every:standing-night")
        began = perf_counter()
        if jobs.drain("slow") != 1:
            raise SystemExit("The job was not done.")
        job_s = perf_counter() - began
    print(json.dumps({"job_s": job_s, "phases_s": kept.seconds, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _main(datetime.fromisoformat(sys.argv[1]))
