"""What is kept how long: each rule forgets what is old and nothing else, and all who tell of it tell the same."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as conf
from django.test import Client
from pytest_django import Settings

from accounts import addresses, leaving, signup, tokens
from accounts.models import Account, AddressChange, Export, Lookup, Member, RestingHandle, Token
from foundation import clock, letters, quotas, retention
from foundation.models import Job, Letter, Quota
from network.contacts import invitations, quiet
from network.contacts.models import Invitation
from network.federation.models import Actor, Delivery, Inbound, Outbound, Peer
from network.messages import drafts, editing, threads
from network.messages.models import Draft, Revision
from network.moderation import decisions, reports
from network.moderation.models import Case, Notifier, Report
from network.notices.models import Notice, Outcome
from tests.cast import key, new_member
from tests.moderation.desk import given

HOME = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)
Left = Callable[[], int]


def _letters(now: bool) -> Left:
    letters.write("ada@example.org", "Hello", "words", kind="x")
    return lambda: Letter.objects.exclude(sealed_body="").count()


def _jobs(now: bool) -> Left:
    made = Job.objects.create(kind="x", created_at=clock.now())
    Job.objects.filter(pk=made.pk).update(done_at=clock.now())
    return lambda: Job.objects.filter(kind="x").count()


def _counters(now: bool) -> Left:
    quotas.spend("x", "ada", limit=5)
    return lambda: Quota.objects.filter(what="x").count()


def _sign_ups(now: bool) -> Left:
    signup.join(Account.objects.create_user(f"{now}@example.org"), handle=f"handle_{now}".lower(), name="Some Body")
    return lambda: Member.objects.filter(confirmed_at=None).count()


def _addresses(now: bool) -> Left:
    addresses.changed(Account.objects.create_user(f"{now}@example.org"), "before@example.org")
    return AddressChange.objects.count


def _left(now: bool) -> Left:
    leaving.leave(new_member(f"gone_{now}".lower()))
    return lambda: Member.objects.filter(handle__startswith="gone_").count()


def _resting(now: bool) -> Left:
    RestingHandle.objects.create(mark=str(now), until=clock.now() + conf.HANDLE_RESTS_DAYS * DAY)
    return RestingHandle.objects.count


def _sessions(now: bool) -> Left:
    account = Account.objects.create_user(f"{now}@example.org")
    UserSession.objects.create(
        user=account, ip="203.0.113.7", session_key=str(now), user_agent="x", last_seen_at=clock.now()
    )
    return lambda: int(UserSession.objects.count())


def _tokens(now: bool) -> Left:
    member = new_member(f"token_{now}".lower())
    row, _shown = tokens.make(member, name="a program", scopes=["me:read"], days=30)
    tokens.revoke(member, row.public_id)
    return Token.objects.count


def _lookups(now: bool) -> Left:
    Lookup.objects.create(address=f"{now}@two.example", asked_at=clock.now())
    return Lookup.objects.count


def _exports(now: bool) -> Left:
    Export.objects.create(member=new_member(f"export_{now}".lower()), asked_at=clock.now())
    return Export.objects.count


def _invitations(now: bool) -> Left:
    with clock.at(clock.now() - conf.INVITATION_DAYS * DAY):
        invitations.make(new_member(f"host_{now}".lower()), label="somebody")
    return Invitation.objects.count


def _notices(now: bool) -> Left:
    Notice.objects.create(
        member=new_member(f"reader_{now}".lower()),
        what="x",
        ref="1",
        due_at=clock.now(),
        by_digest=False,
        outcome=Outcome.SEEN,
        settled_at=clock.now(),
    )
    return Notice.objects.count


def _reports(now: bool) -> Left:
    mo = Member.objects.get(handle="mopsa")
    reporter, about = new_member(f"reporter_{now}".lower()), new_member(f"about_{now}".lower())
    reports.report(reporter, about, words="Look at this.", key=key())
    decisions.dismiss(Case.objects.get(about=about), by=mo, to_reporter="No.", to_subject="Nothing.")
    return lambda: Report.objects.exclude(words="").count()


def _notifiers(now: bool) -> Left:
    mo, about = Member.objects.get(handle="mopsa"), new_member(f"noticed_{now}".lower())
    decisions.dismiss(given(about).case, by=mo, to_reporter="No.", to_subject="Nothing.")
    return lambda: Notifier.objects.exclude(sealed_email="").count()


def _inbound(now: bool) -> Left:
    peer, _created = Peer.objects.get_or_create(host="two.example")
    uri = f"https://two.example/{now}"
    zoe = Actor.objects.create(uri=uri, peer=peer, kind="Person", inbox=f"{uri}/inbox")
    row = {"activity_id": f"{uri}/1", "actor": zoe, "body": {"type": "Note"}}
    Inbound.objects.create(**row, received_at=clock.now(), handled_at=clock.now(), outcome="done")
    return lambda: Inbound.objects.exclude(body={}).exclude(body=None).count()


def _deliveries(now: bool, **how: object) -> Left:
    peer, _created = Peer.objects.get_or_create(host="two.example")
    sent = Outbound.objects.create(uri=f"https://one.example/{now}", body={})
    Delivery.objects.create(outbound=sent, peer=peer, inbox="https://two.example/inbox", **how)
    return Delivery.objects.count


def _pair(now: bool) -> tuple[Member, Member]:
    one, other = new_member(f"one_{now}".lower()), new_member(f"two_{now}".lower())
    quiet.begin(asker=one, recipient=other)
    return one, other


def _drafts(now: bool) -> Left:
    drafts.keep(*_pair(now), text="Dear")
    return Draft.objects.count


def _revisions(now: bool) -> Left:
    one, other = _pair(now)
    editing.edit(threads.write(one, other, text="Helo", key=key()), by=one, text="Hello")
    return Revision.objects.count


KEPT: dict[str, Callable[[bool], Left]] = {
    "addresses": _addresses,
    "counters": _counters,
    "delivered": lambda now: _deliveries(now, done_at=clock.now()),
    "drafts": _drafts,
    "exports": _exports,
    "given-up": lambda now: _deliveries(now, dead_at=clock.now()),
    "handles": _left,
    "inbound": _inbound,
    "invitations": _invitations,
    "jobs": _jobs,
    "letters": _letters,
    "lookups": _lookups,
    "notices": _notices,
    "notifiers": _notifiers,
    "reports": _reports,
    "resting": _resting,
    "revisions": _revisions,
    "sessions": _sessions,
    "sign-ups": _sign_ups,
    "tokens": _tokens,
}
"""By rule: something that it forgets, as of that moment; and how much of it is left."""


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_rule_forgets_what_is_old_and_nothing_else(name: str, mo: Member, settings: Settings) -> None:
    settings.DEMO = False  # a laptop keeps its letters
    old, young = retention.RULES[name].days + 1.1, retention.RULES[name].days - 0.9
    with clock.at(clock.now() - old * DAY):
        KEPT[name](False)
    with clock.at(clock.now() - max(young, 0) * DAY):
        left = KEPT[name](True)
    assert left() == 2, name
    for _ in range(2):
        retention.apply(name)
        assert left() == 1, name


def test_each_rule_has_its_test() -> None:
    assert set(KEPT) == set(retention.RULES)


def test_the_night_applies_every_rule(db: None) -> None:
    retention.apply_all()
    asked = Job.objects.filter(kind="retention-rule").values_list("payload", flat=True)
    assert sorted(payload["rule"] for payload in asked) == sorted(retention.RULES)


def test_the_handbook_says_what_the_rules_say() -> None:
    said = re.findall(
        r"^\| `(\w+_DAYS)` \| (\d+) \| (.+) \|$", (HOME / "docs" / "operating.md").read_text(), re.MULTILINE
    )
    rows = [(rule.setting, str(rule.days), str(rule.what)) for rule in retention.table()]
    assert [row for row in said if row[0] in {setting for setting, *_ in rows}] == rows


def test_the_privacy_page_says_what_the_rules_say(db: None, settings: Settings) -> None:
    settings.LETTER_BODY_DAYS = 77
    page = Client().get("/privacy/").content.decode()
    told = dict(zip(re.findall(r'<th scope="row">(.*?)</th>', page), re.findall(r"<td>(\d+) day", page), strict=True))
    assert told == {str(rule.what): str(rule.days) for rule in retention.table()}
    assert told["Text and address of the letters we sent"] == "77"
