"""A request typed into a form is settled by the real worker, also when Redis forgets everything in between."""

import http.client
import re
import time
import uuid

import pytest
import redis

from accounts.models import Account, Member
from foundation import letters
from foundation.models import Job, Letter
from network.contacts.models import Request, Whereabouts
from tests import cast
from tests.flows.browserless import Visitor
from tests.flows.running import House, until

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("at_home")]
PASSWORD = "a long enough password"


def member(handle: str) -> Member:
    """With a confirmed address and a password, and an entry at Acme older than 30 days."""
    from allauth.account.models import EmailAddress

    made = cast.new_member(handle)
    account = made.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    cast.was_at(made, f"Acme {uuid.uuid4().hex[:6]}")
    return made


def pair() -> tuple[Member, Member]:
    """Two who were at the same place."""
    tag = uuid.uuid4().hex[:8]
    one, other = member(f"ann{tag}"), member(f"ben{tag}")
    cast.was_at(one, f"Works {tag}")
    cast.was_at(other, f"Works {tag}")
    return one, other


def asks(house: House, one: Member, other: Member) -> Request:
    """Over HTTP, as a browser without script does."""
    visitor = Visitor(house.base)
    assert one.account is not None
    visitor.sign_in(one.account.email, PASSWORD)
    entry = one.entries.get(organisation__name__startswith="Works")
    answer = visitor.send(f"/@{other.handle}/ask/", {"context": f"entry:{entry.public_id}", "note": "Do you remember?"})
    assert "/requests/sent/" in answer.url, answer.text[:2000]
    return Request.objects.get(asker=one)


def settled(request: Request) -> bool:
    return Request.objects.get(pk=request.pk).whereabouts == Whereabouts.DELIVERED


def test_a_worker_settles_what_a_form_asked_and_sends_the_letter(house: House) -> None:
    one, other = pair()

    request = asks(house, one, other)

    until(lambda: settled(request))
    request.refresh_from_db()
    assert request.grade == "B"
    assert other.account is not None
    email = other.account.email
    mine = until(lambda: letters_to(email))
    assert len(mine) == 1
    until(lambda: Letter.objects.get(pk=mine[0].pk).sent_at)
    assert f"{house.base}/requests/{request.public_id}/" in letters.text_of(mine[0]).text


def letters_to(email: str) -> list[Letter]:
    return [letter for letter in Letter.objects.all() if letters.text_of(letter).to == email]


def test_what_redis_forgets_is_done_all_the_same(house: House) -> None:
    one, other = pair()
    wire = redis.Redis.from_url(house.redis_url)
    stop = time.monotonic() + 0.5
    wire.flushdb()

    request = asks(house, one, other)
    while time.monotonic() < stop:
        wire.flushdb()

    until(lambda: settled(request))
    assert settled(request)


@pytest.mark.parametrize("chunked", [True, False])
def test_ten_megabytes_are_refused_however_they_come(house: House, chunked: bool) -> None:
    """Also of unsaid length, which Django's own limit does not see."""
    wire = http.client.HTTPConnection(house.base.removeprefix("http://"), timeout=10)
    body = (b"a" * 65_536 for _part in range(160))
    wire.request(
        "POST",
        "/account/login/",
        body if chunked else b"".join(body),
        {"Content-Type": "application/x-www-form-urlencoded"},
        encode_chunked=chunked,
    )
    assert wire.getresponse().status == 413
    wire.close()


def test_joining_by_the_forms_alone(house: House) -> None:
    """Sign up, read the letter, confirm, be a member: by HTTP, with the worker sending."""
    tag = uuid.uuid4().hex[:8]
    visitor, email = Visitor(house.base), f"new{tag}@example.org"
    visitor.send(
        "/account/signup/", {"name": "New Person", "handle": f"new{tag}", "email": email, "password1": PASSWORD}
    )

    letter = until(lambda: next((one for one in Letter.objects.all() if letters.text_of(one).to == email), None))
    until(lambda: Letter.objects.get(pk=letter.pk).sent_at)
    link = re.search(r"https?://\S+", letters.text_of(letter).text)
    assert link is not None
    visitor.send(link[0].removeprefix(house.base), {})

    assert Account.objects.get(email=email).member.confirmed_at is not None
    assert visitor.get("/me/").status == 200
    assert not Job.objects.filter(dead_at__isnull=False).exists()
