"""The outbox: deliveries a second to one server that answers 202, beside the speed at which RSA signs.

A worker's own way: rows claimed in batches, each letter with its author's proof and signed when it is sent, over one
kept TLS connection on loopback, outcomes written durably. The limit is one RSA-2048 signature a letter, measured in
the same process before and after. Fails unless every delivery is done and was tried once.
Options: `--letters N`, `--short`.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from django.conf import settings
from django.core.management import call_command
from django.db.models import Max

from accounts import signup
from accounts.models import Account, Member
from benchmarks._figures import figures, say
from config.embedded.ground import bind
from foundation import clock
from network.federation import addresses, delivery, http_keys, outbox, vocabulary
from network.federation.models import Actor, Delivery, Peer

AUTHORS = 20
SIGNATURES = 500


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench outbox")
    parser.add_argument("--letters", type=int, default=3000)
    parser.add_argument("--short", action="store_true", help="60 letters: for the tests")
    asked = parser.parse_args(arguments)
    letters = 60 if asked.short else asked.letters
    call_command("migrate", verbosity=0)
    settings.FEDERATION, settings.FEDERATION_NETWORKS = True, ["127.0.0.0/8"]
    members = [_member(number) for number in range(AUTHORS)]
    with _sink() as inbox:
        actor = _reader(inbox)
        _send(members, actor, AUTHORS)  # keys are made, the connection stands
        found = _measure(members, actor, letters)
    if Delivery.objects.filter(done_at=None).exists() or Delivery.objects.aggregate(n=Max("attempts"))["n"] != 1:
        say("Not every delivery is done, each tried once.")
        return 1
    figures(found)
    return 0


def _measure(members: list[Member], actor: Actor, letters: int) -> dict[str, float]:
    before = _signatures_a_second(members[0])
    wall_s, cpu_s = _send(members, actor, letters)
    limit = (before + _signatures_a_second(members[0])) / 2
    say(f"{letters:,} letters in {wall_s:.1f} s, {cpu_s:.1f} s of them the worker's processor time.")
    return {
        "deliveries_a_second": letters / wall_s,
        "signatures_a_second": limit,
        "over_signing_limit": letters / wall_s / limit,
        "over_signing_limit_of_worker_cpu": letters / cpu_s / _signatures_a_cpu_second(members[0]),
    }


def _send(members: list[Member], actor: Actor, letters: int) -> tuple[float, float]:
    """So many letters are written, then all are sent; seconds and the worker's processor seconds of the sending."""
    begun = Delivery.objects.count()
    for number in range(begun, begun + letters):
        _write(members[number % len(members)], actor, number)
    wall, cpu = time.perf_counter(), time.process_time()
    while Delivery.objects.filter(done_at=None).exists():
        delivery.send_due(actor.peer_id)
    return time.perf_counter() - wall, time.process_time() - cpu


def _write(member: Member, actor: Actor, number: int) -> None:
    said = {"id": f"{addresses.actor(member)}notes/{number}", "type": "Note", "content": f"<p>{number}</p>"}
    activity = {"type": "Create", "object": said, "to": [vocabulary.PUBLIC]}
    outbox.send(member, activity, to=[actor], key=f"bench{number}")


def _signatures_a_second(member: Member) -> float:
    return _sign(member, time.perf_counter)


def _signatures_a_cpu_second(member: Member) -> float:
    return _sign(member, time.process_time)


def _sign(member: Member, now: Callable[[], float]) -> float:
    private = http_keys.signer(member).private
    began = now()
    for number in range(SIGNATURES):
        private.sign(str(number).encode(), PKCS1v15(), hashes.SHA256())
    return SIGNATURES / (now() - began)


def _member(number: int) -> Member:
    account = Account.objects.create(email=f"writer{number}@example.org", password="!")  # noqa: S106
    member = signup.join(account, handle=f"writer{number}", name=f"Writer {number}")
    signup.confirm(member)
    return member


def _reader(inbox: str) -> Actor:
    peer = Peer.objects.create(host="127.0.0.1")
    uri = inbox.removesuffix("inbox")
    return Actor.objects.create(uri=uri, peer=peer, kind="Person", name="reader", inbox=inbox, fetched_at=clock.now())


@contextmanager
def _sink() -> Iterator[str]:
    """The inbox of a server on this machine, behind a certificate that this process trusts."""
    from tests.federation.tls import Authority

    folder = Path(os.environ["BENCH_FOLDER"])
    authority = Authority(folder)
    authority.context_for("127.0.0.1")
    settings.FEDERATION_CA_FILE = str(authority.ca_file)
    command = [sys.executable, "-m", "benchmarks._sink", str(folder / "127.0.0.1.pem")]
    sink = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=bind(signal.SIGTERM))
    assert sink.stdout is not None
    try:
        yield f"https://127.0.0.1:{int(sink.stdout.readline())}/@reader/inbox"
    finally:
        sink.terminate()
        sink.wait(timeout=30)
        sink.stdout.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
