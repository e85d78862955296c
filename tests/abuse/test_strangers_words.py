"""What members write is shown as they wrote it and never runs: thirty payloads in every field, read by all."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape

import pytest
from pytest_django import DjangoDbBlocker

from accounts import entries, people, signup
from accounts.entries import Facts
from accounts.models import Account, Member, Visibility
from accounts.months import Month
from foundation import jobs
from foundation.refusals import Refusal
from network.contacts import answers, invitations, vouching
from network.contacts.models import Request, VouchQuestion
from network.messages import pitches, threads
from network.moderation import moderators, reports
from network.offers import terms
from tests import cast
from tests.abuse import crawl
from tests.abuse.pages import Page
from tests.abuse.standing import standing_in
from tests.abuse.town import Town, fresh
from tests.frontend.vouched import vouched
from tests.messages import markets
from tests.offers import stage as offers
from vetting import vouches
from vetting.models import Vouch

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<b onmouseover=alert(1)>b</b>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</option></select><svg onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript&colon;alert(1)>x</a>",
    "<form action=javascript:alert(1)><button>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//evil>",
    "<style>*{display:none}</style>",
    "<div hx-get=/account/logout/ hx-trigger=load>",
    "<div hx-on:load=alert(1)>",
    "<math><mtext><script>alert(1)</script>",
    "<template><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "{{ request.user.password }}",
    "{% debug %}{% include 'base.html' %}",
    "%(name)s %s {0} ${7*7}",
    "\u202egnp.\u202dexe\u2066\u2069<b>\u200b",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;b&#x3e;",
]
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff")
EVERYTHING = "\n".join(PAYLOADS)


def said(payload: str) -> str:
    """As a page shows it: without what cannot be seen, escaped as Django does."""
    return escape("".join(c for c in payload if c not in BIDI)).lower()


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with standing_in(django_db_blocker, build) as made:
        yield made


@pytest.fixture
def stage(built: Town, db: None) -> Town:
    return replace(built, members=fresh(built.members))


def build() -> Town:
    """Eve writes payloads wherever the house takes words; Ada reads, Cleo vouches, Mona moderates."""
    account = Account.objects.create_user("eve@example.org")
    eve = signup.join(account, handle="eve", name="Eve & 'Evil' \u202e\"x\" {{ 7 }}")
    signup.confirm(eve)
    ada, cleo, mona = (cast.new_member(handle) for handle in ("ada", "cleo", "mona"))
    moderators.appoint(mona)
    for step in (_profile, _letters, _vouches, _talk, _offers, _market):
        step(eve, ada, cleo)
    tokens = [str(vouch.token) for vouch in Vouch.objects.all()]
    return Town({"eve": eve, "ada": ada, "cleo": cleo, "moderator": mona}, tokens, [])


def _profile(eve: Member, ada: Member, cleo: Member) -> None:
    short = {name: PAYLOADS[n] for n, name in enumerate(("headline", "place", "languages"))}
    people.change_profile(eve, {**short, "about": EVERYTHING, **{f"{one}_to": 3 for one in Member.PROFILE}})
    for n, payload in enumerate(PAYLOADS):
        facts = Facts(
            kind="employment",
            organisation=f"{payload} Ltd {n}",
            unit=f"{payload} unit",
            title=payload,
            text=EVERYTHING[:1000],
            starts=Month(2000 * 12, exact=True),
            ends=Month(2000 * 12 + n, exact=True),
            visible_to=Visibility.EVERYONE,
        )
        entries.add(eve, facts)
    invitations.make(eve, label=PAYLOADS[0])


def _letters(eve: Member, ada: Member, cleo: Member) -> None:
    cast.befriend(cleo, ada)
    cast.befriend(eve, cleo)
    request = cast.asks(eve, ada, eve.entries.all()[3], note=PAYLOADS[3], vouchers=[cleo])
    sentence = next(one for one in PAYLOADS if _taken(request, cleo, one))
    assert sentence
    request = Request.objects.get(pk=request.pk)
    answers.ask_back(request, by=ada, question=PAYLOADS[24])
    answers.reply(request, by=eve, text=PAYLOADS[2])


def _taken(request: Request, by: Member, sentence: str) -> bool:
    try:
        vouching.answer(VouchQuestion.objects.get(request=request), by=by, answer="vouch", sentence=sentence)
    except Refusal:
        return False
    jobs.drain_everything()
    return True


def _vouches(eve: Member, ada: Member, cleo: Member) -> None:
    """Her word for Cleo and Cleo's for her, at addresses that everybody is given."""
    eve.joined_at = cleo.joined_at
    eve.save(update_fields=["joined_at"])
    vouched(cleo, eve)
    for payload in PAYLOADS:
        try:
            offer = vouches.offer(eve, cleo, entry=eve.entries.all()[5], sentence=payload, key=cast.key())
        except Refusal:
            continue
        vouches.countersign(offer, by=cleo, visible_to=Visibility.EVERYONE)
        return
    raise AssertionError("no payload was taken as a sentence")


def _talk(eve: Member, ada: Member, cleo: Member) -> None:
    bad = threads.write(eve, cleo, text=EVERYTHING, key=cast.key())
    reports.report(cleo, eve, words=EVERYTHING[:1900], key=cast.key(), message=bad)
    reports.report(
        ada, eve, words=EVERYTHING[:1900], key=cast.key(), request=Request.objects.get(recipient=ada, asker=eve)
    )
    answers.accept(Request.objects.get(recipient=ada, asker=eve), by=ada)
    pitch = pitches.mark(threads.write(eve, ada, text="<b>buy</b>" + PAYLOADS[1], key=cast.key()), by=ada)
    pitches.appeal(pitch, by=eve, text=EVERYTHING)
    jobs.drain_everything()


def _offers(eve: Member, ada: Member, cleo: Member) -> None:
    """To Ada, who then talks about it, and to Cleo, who has a question."""
    said = {"role": PAYLOADS[3], "employer": PAYLOADS[1], "agency": PAYLOADS[13], "why": PAYLOADS[17]}
    form = replace(offers.FORM, mandate=PAYLOADS[21], **said)  # type: ignore[arg-type]
    for one in (ada, cleo):
        offers.listens(one)
        offers.trusted(eve)
        assert offers.arrives(eve, one, form)
    terms.change(cleo, offers.OPEN, question=PAYLOADS[2])


def _market(eve: Member, ada: Member, cleo: Member) -> None:
    sent = markets.promotes(markets.can_answer(eve), markets.opens(ada, words=PAYLOADS[24]), EVERYTHING)
    markets.opens(eve, words=PAYLOADS[3])
    reports.report(ada, eve, words=EVERYTHING[:1900], key=cast.key(), promotion=sent)


@pytest.mark.parametrize("role", ["anonymous", "eve", "ada", "cleo", "moderator"])
def test_words_of_strangers_never_run(stage: Town, role: str) -> None:
    """No script, handler, frame or foreign address stands in any page, and none of the payloads as it was typed."""
    found, shown = [], set()
    rows = 40 if role == "moderator" else 1
    ids = crawl.Ids(handles=["eve", "ada"], tokens=stage.tokens, panel_rows=rows, strays=0)
    for seen in crawl.crawl(stage.client(role), ids):
        found += [f"{seen.status} at {seen.path}" for _once in [1] if seen.status >= 500]
        if seen.is_data:
            continue
        found += [f"{danger} at {seen.path}" for danger in Page(seen.text).dangers]
        found += [f"{one} at {seen.path}" for one in PAYLOADS if "<" in one and one.lower() in seen.text]
        found += [f"bidi at {seen.path}" for _once in [1] if BIDI & set(seen.text)]
        shown |= {one for one in PAYLOADS if said(one) in seen.text}
    assert found == []
    assert len(shown) == len(PAYLOADS)
