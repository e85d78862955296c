"""Somebody with words of theirs in everything there is; and a search of every table for them."""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts import addresses, entries, homes, months, people, ties, tokens
from accounts.models import Member, Visibility
from foundation import jobs
from network.contacts import answers, blocks, invitations, vouching
from network.contacts.models import Request, VouchQuestion
from network.messages import pitches, threads
from network.messages.models import Message
from network.moderation import decisions, reports
from network.moderation.models import Case
from network.offers import terms
from tests import cast
from tests.frontend.abroad import lives_elsewhere
from tests.frontend.vouched import offered, vouched
from tests.messages import markets
from tests.offers import stage as offers
from vetting.models import Vouch

_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_HOLDS = """
SELECT planted FROM unnest(%s::text[]) AS asked (planted) WHERE EXISTS (
    SELECT 1 FROM {table} AS line WHERE lower(line::text) LIKE '%%' || planted || '%%'
    OR line::text LIKE '%%' || encode(planted::bytea, 'hex') || '%%')
"""


def word(what: str) -> str:
    return f"kanari{what}x"


WORDS = [
    *(word(what) for what in ("handle", "mail", "name", "headline", "place", "languages", "about")),
    *(word(what) for what in ("org", "unit", "title", "text", "note", "reply", "question", "sentence", "label")),
    *(word(what) for what in ("message", "pitched", "appeal", "reported", "report", "vouch", "offered")),
    *(word(what) for what in ("call", "promoted", "offerrole", "mandate", "why", "asked", "token")),
]
THEIRS = word("theirs")
"""What somebody else wrote to them."""


@dataclass
class Stage:
    """Who was there. `about`: what Cleo signed about the one who leaves; `given`: what that one signed about Cleo."""

    leaver: Member
    cleo: Member
    bo: Member
    about: Vouch
    given: Vouch
    kept: Message
    browser: Client = field(default_factory=Client)


def found() -> dict[str, list[str]]:
    """Which tables hold which of the words, in any column, in clear or as bytes."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        holds = {}
        for table in tables:
            cursor.execute(_HOLDS.format(table=table), [WORDS])
            holds[table] = sorted(name for (name,) in cursor.fetchall())
    return {table: words for table, words in holds.items() if words}


def lived(cleo: Member, bo: Member, mo: Member) -> Stage:
    """Words in every place where a member's words can stand."""
    leaver = cast.new_member(word("handle"), name=word("name").title())
    assert leaver.account is not None
    leaver.account.email = f"{word('mail')}@example.org"
    leaver.account.save()
    EmailAddress.objects.create(user=leaver.account, email=leaver.account.email, verified=True, primary=True)
    TOTP.activate(leaver.account, "JBSWY3DPEHPK3PXP")
    addresses.changed(leaver.account, f"{word('mail')}@before.example")
    _profile(leaver)
    _asks(leaver, bo, cleo)
    stage = _speaks(leaver, cleo, bo)
    _deals(leaver, bo)
    _is_reported(leaver, cleo, mo)
    stage.browser.force_login(leaver.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert Session.objects.exists()
    jobs.drain_everything()
    return stage


def _profile(leaver: Member) -> None:
    circles = {f"{one}_to": Visibility.EVERYONE for one in Member.PROFILE}
    fields = ("headline", "place", "languages", "about")
    people.change_profile(leaver, {**{one: word(one) for one in fields}, **circles})
    own = entries.Facts(
        kind="employment",
        organisation=word("org"),
        starts=months.read("1999-01", as_end=False),
        ends=months.read("2000-01", as_end=True),
        unit=word("unit"),
        title=word("title"),
        text=word("text"),
        visible_to=Visibility.MEMBERS,
        matchable=True,
    )
    entries.add(leaver, own)
    homes.add_alias(leaver, lives_elsewhere("else", "two.example", name="Else Where"))
    invitations.make(leaver, label=word("label"))
    tokens.make(leaver, name=word("token"), scopes=["me:read"], days=30)


def _asks(leaver: Member, bo: Member, cleo: Member) -> None:
    """A request with all its words; one of somebody else's, with a question back; a sentence for another's."""
    cast.asks(leaver, bo, note=word("note"))
    request = Request.objects.get(asker=leaver)
    answers.ask_back(request, by=bo, question="Where was that?")
    answers.reply(Request.objects.get(pk=request.pk), by=leaver, text=word("reply"))
    zed = cast.new_member("zed")
    cast.befriend(leaver, cleo)
    cast.befriend(leaver, zed)
    theirs = cast.asks(zed, cleo, cast.was_at(zed, "Elsewhere Ltd"), vouchers=[leaver], note=THEIRS)
    question = VouchQuestion.objects.get(request=theirs)
    vouching.answer(question, by=leaver, answer="vouch", sentence=f"{word('sentence')} is a fine colleague")
    yan = cast.new_member("yan")
    asked = cast.asks(yan, leaver, cast.was_at(yan, "Elsewhere Ltd"), note=THEIRS)
    answers.ask_back(asked, by=leaver, question=word("question"))
    blocks.block(leaver, cast.new_member("bela"))


def _speaks(leaver: Member, cleo: Member, bo: Member) -> Stage:
    threads.write(leaver, cleo, text=word("message"), key=cast.key())
    kept = threads.write(cleo, leaver, text=THEIRS, key=cast.key())
    cast.was_at(cleo, "Acme Werke")
    about = vouched(cleo, leaver)
    given = vouched(leaver, cleo, sentence=f"{word('vouch')} worked with me for long")
    cast.befriend(leaver, cast.new_member("dora"))
    offered(leaver, Member.objects.get(handle="dora"), sentence=f"{word('offered')} waits to be signed")
    return Stage(leaver, cleo, bo, about, given, kept)


def _is_reported(leaver: Member, cleo: Member, mo: Member) -> None:
    """A pitch with its appeal; a report that was upheld; one of their own."""
    eve = cast.new_member("eve")
    cast.was_at(eve, "Acme Werke")
    request = cast.asks(leaver, eve)
    answers.accept(request, by=eve)
    pitch = pitches.mark(threads.write(leaver, eve, text=word("pitched"), key=cast.key()), by=eve)
    pitches.appeal(pitch, by=leaver, text=word("appeal"))
    bad = threads.write(leaver, cleo, text=word("reported"), key=cast.key())
    reports.report(cleo, leaver, words="Look at this.", key=cast.key(), message=bad)
    decisions.uphold(
        Case.objects.get(about=leaver, kind="report"), by=mo, to_reporter="You are right.", to_subject="Do not."
    )
    reports.report(leaver, eve, words=word("report"), key=cast.key())


def _deals(leaver: Member, bo: Member) -> None:
    call = markets.opens(leaver, words=f"{word('call')} for my taxes")
    markets.promotes(markets.can_answer(cast.new_member("gus")), call)
    markets.promotes(markets.can_answer(leaver), markets.opens(bo), word("promoted"))
    offers.listens(bo)
    terms.change(leaver, offers.OPEN, question=word("asked"))
    offers.trusted(leaver)
    said = {"role": word("offerrole"), "mandate": word("mandate"), "why": word("why")}
    assert offers.arrives(leaver, bo, **said)  # type: ignore[arg-type]
    hunter = offers.head_hunter("hunter")
    offers.sends(hunter, leaver, answer="In Hamburg.")
    assert ties.in_contact(leaver, Member.objects.get(handle="cleo"))
