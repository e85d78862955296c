"""A small town in which every private field holds a word that stands nowhere else, and who may read which."""

import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.test import Client

from accounts import entries, months, people, ties
from accounts.models import Member, Visibility
from foundation import clock, jobs
from foundation.models import Job
from network.contacts import answers, blocks, follows, invitations, vouching
from network.contacts.models import Invitation, Request, VouchQuestion
from network.messages import pitches, threads
from network.moderation import decisions, freezing, moderators, outside, reports, review
from network.moderation.models import Case
from tests import cast
from tests.frontend.abroad import lives_elsewhere
from tests.frontend.vouched import offered, vouched
from tests.messages import markets
from tests.offers import stage as offers
from vetting.models import Vouch

ME, CONTACTS = Visibility.ME, Visibility.CONTACTS
CASES, MEMBERS = r"^/panel/moderation/case/", r"^/panel/accounts/member/"

LAST = uuid.UUID(int=2**128 - 1)  # the first among the newest, for the crawl


def word(what: str) -> str:
    """Letters alone, so that no rule about notes refuses it; no word is the beginning of another."""
    return f"kanari{what}x"


@dataclass(frozen=True)
class Secret:
    """`word` may be read by `readers` only, each on paths that match their expression."""

    word: str
    readers: dict[str, str] = field(default_factory=dict)

    def may_stand(self, role: str, path: str) -> bool:
        return role in self.readers and re.search(self.readers[role], path) is not None


def _own(*roles: str, **paths: str) -> dict[str, str]:
    return {**dict.fromkeys(roles, ""), **paths}


SECRETS = [
    *(Secret(word(name), _own("ada")) for name in ("headline", "place", "languages", "about")),
    Secret(word("name"), _own("ada", bo="")),  # Bo was asked by her
    Secret(word("invitedhead"), _own("ivo")),
    *(Secret(word(f"bo{name}"), _own("bo", "contact")) for name in ("headline", "place", "languages", "about")),
    *(Secret(word(name), _own("ada")) for name in ("org", "unit", "title", "text")),
    Secret(word("botitle"), _own("bo", "contact")),
    Secret(word("snapshot"), _own("ada", "bo", "cleo")),
    Secret(word("note"), _own("ada", "bo")),
    Secret(word("question"), _own("ada", "bo")),
    Secret(word("reply"), _own("ada", "bo")),
    Secret(word("vouch"), _own("bo")),
    Secret(word("tray"), _own("bo", "zed")),
    Secret(word("stranger"), _own("bo")),
    Secret(word("zedname"), _own("bo", "zed")),
    Secret(word("blocked"), _own("ada", moderator=MEMBERS)),
    Secret(word("label"), _own("ada")),
    Secret(word("message"), _own("ada", "cleo")),
    Secret(word("reported"), _own("ada", "cleo", moderator=CASES)),
    Secret(word("report"), _own(moderator=CASES)),
    Secret(word("pitch"), _own("ada", "mallory", moderator=CASES)),
    Secret(word("appeal"), _own(moderator=CASES)),
    Secret(word("toreporter"), _own("zed", moderator=CASES)),
    Secret(word("tosubject"), _own("yan", moderator=CASES)),
    Secret(word("otherwords"), _own(moderator=CASES)),
    *(Secret(word(f"notice{what}"), _own(moderator=CASES)) for what in ("words", "name", "mail")),
    Secret(word("yanappeals"), _own("yan")),
    *(Secret(word(f"offer{what}"), _own("bo", "mallory")) for what in ("role", "mandate", "why")),
    Secret(word("offeraway"), _own("zed")),  # what does not arrive is its sender's alone
    Secret(word("terms"), _own("bo")),
    Secret(word("freeze"), _own("frozen", moderator=MEMBERS)),
    Secret(word("onlymevouch"), _own("ada", contact="^/vouches/")),
    Secret(word("nearvouch"), _own("ada", cleo="")),
    Secret(word("offeredvouch"), _own("bo", "cleo")),
    Secret(word("call"), _own("bo", "cleo", "zed", moderator=CASES)),  # Cleo knows Bo; Zed answered
    Secret(word("promoted"), _own("bo", "zed", moderator=CASES)),
    Secret(word("promoreport"), _own(moderator=CASES)),
]
ROLES = ("anonymous", "stranger", "contact", "blocked", "frozen", "moderator")
OWNERS = ("ada", "bo", "cleo", "ivo", "zed", "yan", "mallory")


@dataclass
class Town:
    members: dict[str, Member]
    tokens: list[str]
    machine: list[str]  # ids, keys and hashes that stand on no page at all

    def client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            account = self.members[role].account
            assert account is not None
            client.force_login(account)
        return client


def build() -> Town:
    names = {"ada": "ada", "bo": "bob", "cleo": "cleo", "zed": "zed", "yan": "yan", "ivo": "ivo", "mallory": "mallory"}
    roles = {"stranger": "stella", "contact": "cora", "blocked": "bela", "frozen": "fred", "moderator": "mona"}
    town = {role: cast.new_member(handle) for role, handle in (names | roles).items()}
    town["nora"] = cast.new_member(word("blocked"))
    moderators.appoint(town["moderator"])
    for step in (_profiles, _contacts, _requests, _threads, _vouches, _cases, _calls, _offers, _elsewhere):
        step(town)
    token = invitations.make(town["ivo"], label="a friend")[1]
    jobs.drain_everything()
    Job.objects.create(
        id=LAST, kind="letter", payload={"letter": "gone"}, dead_at=clock.now(), last_error="OSError at send:1"
    )
    known = Vouch.objects.filter(visible_to=Visibility.EVERYONE)
    tokens = [token, *(str(vouch.token) for vouch in known)]
    return Town(fresh(town), tokens, _machine(town["ada"]))


def fresh(members: dict[str, Member]) -> dict[str, Member]:
    """The members as the database has them: nothing that a test changed clings to them."""
    rows = Member.objects.select_related("account").in_bulk([member.pk for member in members.values()])
    return {role: rows[member.pk] for role, member in members.items()}


def _profiles(town: dict[str, Member]) -> None:
    fields = ("headline", "place", "languages", "about")
    people.change_profile(
        town["ada"], {"name": word("name").title(), **{one: word(one) for one in fields}, **_circles(ME)}
    )
    people.change_profile(town["bo"], {**{one: word(f"bo{one}") for one in fields}, **_circles(CONTACTS)})
    people.change_profile(town["zed"], {"name": word("zedname"), "name_to": ME})
    people.change_profile(town["ivo"], {"about": word("invitedhead"), "about_to": ME})
    here = {"matchable": False, "unit": word("unit")}
    hidden = entries.Facts(
        kind="employment",
        organisation=word("org"),
        starts=months.read("1999-01", as_end=False),
        title=word("title"),
        text=word("text"),
        visible_to=ME,
        **here,  # type: ignore[arg-type]
    )
    entries.add(town["ada"], hidden)
    cast.was_at(town["bo"], "Acme Werke", "2002-01", "2005-12")
    mine = entries.Facts(
        kind="group",
        organisation="Chess club",
        starts=months.read("1998-01", as_end=False),
        title=word("botitle"),
        visible_to=CONTACTS,
    )
    entries.add(town["bo"], mine)


def _circles(to: int) -> dict[str, int]:
    return {f"{one}_to": to for one in Member.PROFILE}


def _contacts(town: dict[str, Member]) -> None:
    cast.befriend(town["cleo"], town["ada"])
    cast.befriend(town["bo"], town["cleo"])
    cast.befriend(town["contact"], town["ada"])
    ties.begin(town["contact"], town["bo"])
    blocks.block(town["ada"], town["blocked"])
    blocks.block(town["ada"], town["nora"])
    invitations.make(town["ada"], label=word("label"))


def _requests(town: dict[str, Member]) -> None:
    ada, bo, cleo = town["ada"], town["bo"], town["cleo"]
    entry = cast.was_at(ada, word("snapshot"), "2003-01", "2004-01", matchable=False, visible_to=ME)
    request = cast.asks(ada, bo, entry, note=word("note"), vouchers=[cleo])
    question = VouchQuestion.objects.get(request=request)
    vouching.answer(question, by=cleo, answer="vouch", sentence=f"{word('vouch')} is a fine colleague")
    jobs.drain_everything()
    request.refresh_from_db()
    answers.ask_back(request, by=bo, question=word("question"))
    answers.reply(Request.objects.get(pk=request.pk), by=ada, text=word("reply"))
    cast.asks(town["zed"], bo, cast.was_at(town["zed"], "Elsewhere Ltd"), note=word("tray"))


def _threads(town: dict[str, Member]) -> None:
    ada, cleo, mallory = town["ada"], town["cleo"], town["mallory"]
    threads.write(ada, cleo, text=word("message"), key=cast.key())
    bad = threads.write(cleo, ada, text=word("reported"), key=cast.key())
    reports.report(ada, cleo, words=word("report"), key=cast.key(), message=bad)
    request = cast.asks(mallory, ada, cast.was_at(mallory, "Acme Werke"))
    answers.accept(request, by=ada)
    pitched = threads.write(mallory, ada, text=word("pitch"), key=cast.key())
    pitch = pitches.mark(pitched, by=ada)
    pitches.appeal(pitch, by=mallory, text=word("appeal"))
    jobs.drain_everything()


def _vouches(town: dict[str, Member]) -> None:
    """Three that only some may read, and one whose address everybody has been given."""
    ada, bo, cleo, cora = town["ada"], town["bo"], town["cleo"], town["contact"]
    vouched(cora, ada, to=ME, sentence=f"{word('onlymevouch')} is between us")
    vouched(cleo, ada, to=CONTACTS, sentence=f"{word('nearvouch')} is for those who know both")
    offered(bo, cleo, sentence=f"{word('offeredvouch')} waits")
    vouched(cleo, bo)


def _cases(town: dict[str, Member]) -> None:
    zed, yan, mona = town["zed"], town["yan"], town["moderator"]
    reports.report(zed, yan, words=word("otherwords"), key=cast.key())
    case = Case.objects.get(about=yan)
    _noticed(yan)
    decisions.uphold(case, by=mona, to_reporter=word("toreporter"), to_subject=word("tosubject"))
    review.ask_about_case(case.public_id, by=yan, words=word("yanappeals"))
    freezing.freeze(town["frozen"], by=mona, reason=word("freeze"))


def _noticed(member: Member) -> None:
    """Somebody without an account reports the member's page."""
    outside.give(
        f"{settings.SITE_URL}/@{member.handle}/",
        words=word("noticewords"),
        name=word("noticename"),
        email=f"{word('noticemail')}@post.example",
        unnamed=False,
        good_faith=True,
        language="en",
        network="192.0.2.1",
    )


def _calls(town: dict[str, Member]) -> None:
    """Bo asks for something, Zed answers, Bo reports the answer."""
    bo, zed = town["bo"], town["zed"]
    call = markets.opens(bo, words=f"{word('call')} for my pumps")
    sent = markets.promotes(markets.can_answer(zed), call, word("promoted"))
    reports.report(bo, zed, words=word("promoreport"), key=cast.key(), promotion=sent)


def _offers(town: dict[str, Member]) -> None:
    """Bo has terms; Mallory's offer meets them, Zed's does not."""
    offers.listens(town["bo"], excluded=(word("terms"),))
    for name in ("mallory", "zed"):
        offers.trusted(town[name])
    said: dict[str, Any] = {what: word(f"offer{what}") for what in ("role", "mandate", "why")}
    assert offers.arrives(town["mallory"], town["bo"], replace(offers.FORM, **said))
    assert not offers.arrives(town["zed"], town["bo"], mandate=word("offeraway"), employer="")


def _elsewhere(town: dict[str, Member]) -> None:
    """Mia, of a server that knows no requests, follows Bo, waits to follow Ada, and has written to Bo."""
    mia = lives_elsewhere("mia", "mastodon.example", name="Mia Elsewhere", speaks=False)
    follows.accept(follows.follow(mia, town["bo"]))
    follows.follow(mia, town["ada"])
    cast.asks(mia, town["bo"], context="message", note=word("stranger"))


def _machine(ada: Member) -> list[str]:
    ada = fresh({"ada": ada})["ada"]
    assert ada.account is not None
    key = ada.keys.get()
    hashes = list(Invitation.objects.values_list("token_hash", flat=True))
    return [one.lower() for one in (str(ada.ledger_id), ada.data_key, key.private, ada.account.email, *hashes)]
