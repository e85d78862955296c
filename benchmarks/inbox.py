"""The inbox: signed posts a second of processor time, beside Fedify and a bare Django view on the same machine.

Fifty authors on five servers post distinct Create{Note} that were signed before, over plain HTTP on loopback, to the
web server as production runs it; PostgreSQL commits durably. Counted are the processor seconds of the web server and
of the database, with all their processes (benchmarks/_cpu.py), not those of the poster. Fails unless every post that
was answered 202 is in the database, and none twice. Options: `--posts N`, `--short`, `--without-fedify`.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks import _cpu, _posts
from benchmarks._figures import figures, quantile, say
from benchmarks._posts import Author
from config.embedded.ground import bind
from foundation import clock
from network.federation.models import Actor, ActorKey, Inbound, Peer, Purpose

AUTHORS = 50
TURNS = 3
UP_MAX_S = 30.0
UNLIMITED = {"INBOX_A_MINUTE_AND_SERVER": "10000000", "INBOX_A_MINUTE_AND_ACTOR": "10000000"}
"""The limits are counted as always, and never met: they are not what is measured."""


@dataclass(frozen=True)
class Found:
    """Of one turn."""

    posts: int
    cpu_s: float
    took_s: float

    @property
    def per_cpu_s(self) -> float:
        return self.posts / self.cpu_s


def main(arguments: list[str]) -> int:
    asked = _read(arguments)
    call_command("migrate", verbosity=0)
    who = _posts.authors(5 if asked.short else AUTHORS)
    _introduce(who)
    found = _ours(who, asked.posts) | _bare(who, asked.posts)
    found["over_bare_django"] = found["posts_per_cpu_s"] / found["bare_django_per_cpu_s"]
    if not asked.without_fedify:
        for name, durable in (("fedify", True), ("fedify_in_memory", False)):
            found |= _fedify(who, asked.posts, name, durable=durable)
            if f"{name}_per_cpu_s" in found:
                found[f"over_{name}"] = found["posts_per_cpu_s"] / found[f"{name}_per_cpu_s"]
    figures(found)
    return 0


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench inbox")
    parser.add_argument("--posts", type=int, default=4000, help="in each of three turns")
    parser.add_argument("--short", action="store_true", help="100 posts a turn: for the tests")
    parser.add_argument("--without-fedify", action="store_true")
    asked = parser.parse_args(arguments)
    asked.posts = 100 if asked.short else asked.posts
    return asked


def _introduce(who: Sequence[Author]) -> None:
    """This house knows them all."""
    for author in who:
        host = author.uri.split("/")[2]
        peer, _created = Peer.objects.get_or_create(host=host)
        actor = Actor.objects.create(uri=author.uri, peer=peer, kind="Person", name="a", inbox=f"{author.uri}inbox")
        key_id = f"{author.uri}#main-key"
        ActorKey.objects.create(actor=actor, key_id=key_id, purpose=Purpose.HTTP, public=author.pem)


def _ours(who: Sequence[Author], posts: int) -> dict[str, float]:
    more = {"FEDERATION": "1", "DATABASE_POOL": "1", **UNLIMITED}
    with _web(_uvicorn("config.asgi:application"), more) as (pid, port):
        turns = _measure(who, posts, pid, port)
    kept = Inbound.objects.count()
    expected = sum(turn.posts for turn in turns) + _warm(posts)
    if kept != expected or Inbound.objects.values("activity_id").distinct().count() != kept:
        raise SystemExit(f"{expected} posts were answered 202, {kept} are in the database.")
    return {
        "posts_per_cpu_s": quantile([turn.per_cpu_s for turn in turns], 0.5),
        "posts_a_second": quantile([turn.posts / turn.took_s for turn in turns], 0.5),
    }


def _bare(who: Sequence[Author], posts: int) -> dict[str, float]:
    keys = _keys(who)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_bare_post (id bigserial PRIMARY KEY, activity_id varchar(500) UNIQUE, body jsonb)"
        )
    more = {"BENCH_KEYS": str(keys), "DJANGO_SETTINGS_MODULE": "benchmarks._bare_settings", "DATABASE_POOL": "1"}
    with _web(_uvicorn("benchmarks._bare_django:application"), more) as (pid, port):
        turns = _measure(who, posts, pid, port)
    return {"bare_django_per_cpu_s": quantile([turn.per_cpu_s for turn in turns], 0.5)}


def _fedify(who: Sequence[Author], posts: int, name: str, *, durable: bool) -> dict[str, float]:
    """Its inbox alone, as `_fedify.mjs` says; nothing where Node or npm cannot be had.

    `durable`: with its stores in our PostgreSQL; every post that was answered 202 has to be in its queue there.
    """
    from tests import npm
    from tests.federation import peer

    try:
        node, folder = npm.node(), peer.install()
    except npm.NoNode as missing:
        say(f"No Fedify here, so no figure beside it: {missing}")
        return {}
    script = shutil.copy(Path(__file__).with_name("_fedify.mjs"), folder)
    more = {"BENCH_KEYS": str(_keys(who)), "NODE_ENV": "production"}
    more |= {"BENCH_POSTGRES": json.dumps(_database())} if durable else {}
    with _web(lambda port: [str(node), str(script)], more) as (pid, port):
        turns = _measure(who, posts, pid, port)
    if durable:
        _check_queue(TURNS * posts + _warm(posts))
    return {f"{name}_per_cpu_s": quantile([turn.per_cpu_s for turn in turns], 0.5)}


def _database() -> dict[str, str]:
    """Where it is, in the words of Node's driver."""
    known = connection.settings_dict
    return {
        "host": str(known["HOST"]),
        "database": str(known["NAME"]),
        "username": str(known["USER"]),
        "password": str(known["PASSWORD"]),
    }


def _check_queue(expected: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fedify_message_v2")
        (queued,) = cursor.fetchone()
    if queued != expected:
        raise SystemExit(f"Fedify answered 202 to {expected} posts, and has {queued} in its queue.")


def _keys(who: Sequence[Author]) -> Path:
    keys = Path(os.environ["BENCH_FOLDER"]) / "keys.json"
    keys.write_text(json.dumps({f"{author.uri}#main-key": author.pem for author in who}))
    return keys


def _uvicorn(application: str) -> Callable[[int], list[str]]:
    """As `config.supervise` starts it."""
    quiet = [
        "--no-access-log",
        "--no-server-header",
        "--no-proxy-headers",
        "--lifespan",
        "off",
        "--log-level",
        "warning",
    ]
    return lambda port: [
        sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(port), *quiet
    ]  # fmt: skip


def _measure(who: Sequence[Author], posts: int, pid: int, port: int) -> list[Found]:
    """Three turns after a little warming up; every post answered 202, else SystemExit."""
    to = f"http://127.0.0.1:{port}/inbox"
    forged = _posts.tampered(_posts.signed(who, 1, to=to, now=clock.now(), first=9_999_999)[0])
    if 202 in _posts.post_all([forged], port, lines=1)[1]:
        raise SystemExit("A forged post was taken: this server verifies nothing.")
    _posts.post_all(_posts.signed(who, _warm(posts), to=to, now=clock.now()), port)
    turns = []
    for turn in range(TURNS):
        requests = _posts.signed(who, posts, to=to, now=clock.now(), first=10_000_000 * (turn + 1))
        before = _cpu.used_s(_counted(pid))
        took_s, statuses = _posts.post_all(requests, port)
        cpu_s = _cpu.used_s(_counted(pid)) - before
        if statuses != {202: posts}:
            log = Path(os.environ["BENCH_FOLDER"]) / "web.log"
            raise SystemExit(f"Not all were taken: {statuses}\n{log.read_text(errors='replace')[-2000:]}")
        turns.append(Found(posts, cpu_s, took_s))
        say(f"{posts:,} posts in {took_s:.1f} s and {cpu_s:.2f} s of processor time: {turns[-1].per_cpu_s:.0f} a s")
    return turns


def _warm(posts: int) -> int:
    return min(posts, 500)


def _counted(web: int) -> list[int]:
    """The web server and the database; what they start counts with them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    stat = Path(f"/proc/{backend}/stat").read_text()
    return [web, int(stat.rsplit(")", 1)[1].split()[1])]


@contextmanager
def _web(command: Callable[[int], list[str]], more: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The server's process and port; it is up, and ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = {"SITE_URL": f"http://127.0.0.1:{port}", "BENCH_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    log = Path(os.environ["BENCH_FOLDER"]) / "web.log"
    with log.open("ab") as out:
        web = subprocess.Popen(
            command(port),
            env={**os.environ, **own, **more},
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=bind(signal.SIGTERM),
        )
    try:
        _wait(port, log)
        yield web.pid, port
    finally:
        web.terminate()
        web.wait(timeout=30)


def _wait(port: int, log: Path) -> None:
    until = time.monotonic() + UP_MAX_S
    while time.monotonic() < until:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The web server did not come up:\n{log.read_text(errors='replace')[-3000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
