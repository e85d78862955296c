"""What happens in the town, done through the verbs under the clock of its day, as everybody else would do it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import translation

from accounts import entries, people, signup
from accounts.models import Account, Entry, Member, Visibility
from accounts.months import Month
from foundation import clock, jobs
from frontend.management.town import places, workroom
from frontend.management.town.careers import GERMAN, Line, Person
from frontend.management.town.cast import PASSWORD
from network.contacts import answers, blocks, invitations, quiet, requests, vouching
from network.contacts.models import ContextKind, Request, VouchQuestion
from network.messages import calls, pitches, promotions, threads
from network.messages.models import Message, Pitch
from network.moderation import moderators, reports
from network.offers import answers as offering
from network.offers import envelopes, records, terms
from network.offers.filling import Form
from network.offers.matching import Floors
from network.offers.models import Offer
from vetting import nights, proofs, vouches
from vetting.models import ProofKind, Vouch


class Town:
    """The people who are here so far, by handle. Every method is one deed, done now."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.tokens: dict[str, str] = {}
        self._keys = 0

    def key(self) -> str:
        """The idempotency key of the next form."""
        self._keys += 1
        return f"town-{self._keys}"

    def join(self, person: Person) -> None:
        """Sign up, confirm, fill in the profile and the entries."""
        account = Account.objects.create_user(person.mail, PASSWORD if person.password else None)
        EmailAddress.objects.create(user=account, email=person.mail, primary=True, verified=True)
        with translation.override("de" if person.speaks == GERMAN else "en"):
            member = signup.join(account, handle=person.handle, name=person.name)
        signup.confirm(member)
        people.change_profile(member, _profile(person))
        if person.door != "B":
            people.set_door(member, person.door)
        self.members[person.handle] = member
        self.entries[person.handle] = [entries.add(member, _facts(line)) for line in person.lines]

    def ask(self, asker: str, recipient: str, *, line: int, note: str = "", vouchers: Iterable[str] = ()) -> None:
        requests.ask(
            self.members[asker],
            self.members[recipient],
            context=ContextKind.ENTRY,
            key=self.key(),
            entry=self.entries[asker][line],
            note=note,
            vouchers=[self.members[handle] for handle in vouchers],
        )

    def request(self, asker: str, recipient: str) -> Request:
        """The latest request of the one to the other, as it is now."""
        found = Request.objects.filter(asker=self.members[asker], recipient=self.members[recipient])
        return found.select_related("asker", "recipient").latest("asked_at")

    def accept(self, asker: str, recipient: str, *, both_there: bool) -> None:
        answers.accept(self.request(asker, recipient), by=self.members[recipient], both_there=both_there)

    def decline(self, asker: str, recipient: str, answer: str) -> None:
        answers.decline(self.request(asker, recipient), by=self.members[recipient], answer=answer)

    def withdraw(self, asker: str, recipient: str) -> None:
        requests.withdraw(self.request(asker, recipient), by=self.members[asker])

    def ask_back(self, asker: str, recipient: str, question: str) -> None:
        answers.ask_back(self.request(asker, recipient), by=self.members[recipient], question=question)

    def reply(self, asker: str, recipient: str, text: str) -> None:
        answers.reply(self.request(asker, recipient), by=self.members[asker], text=text)

    def vouch(self, asker: str, recipient: str, voucher: str, *, answer: str, sentence: str = "") -> None:
        question = VouchQuestion.objects.select_related("request__asker", "request__recipient").get(
            request=self.request(asker, recipient), voucher=self.members[voucher]
        )
        vouching.answer(question, by=self.members[voucher], answer=answer, sentence=sentence)

    def write(self, writer: str, reader: str, text: str) -> None:
        """The writer has read what was there, and writes."""
        one, other = self.members[writer], self.members[reader]
        thread = threads.between(one, other)
        if thread:
            threads.read(thread, by=one)
        threads.write(one, other, text=text, key=self.key())

    def read(self, reader: str, writer: str) -> None:
        thread = threads.between(self.members[reader], self.members[writer])
        if thread:
            threads.read(thread, by=self.members[reader])

    def mark_pitch(self, writer: str, reader: str) -> None:
        thread = threads.between(self.members[writer], self.members[reader])
        if thread:
            message = thread.messages.filter(writer=self.members[writer]).latest("pk")
            pitches.mark(message, by=self.members[reader])

    def invite(self, inviter: str, whom: str, label: str) -> None:
        _invitation, self.tokens[whom] = invitations.make(self.members[inviter], label=label)

    def redeem(self, whom: str) -> None:
        invitations.spend(self.tokens.pop(whom), by=self.members[whom])

    def lift(self, asker: str, recipient: str) -> None:
        contact = quiet.between(self.members[asker], self.members[recipient])
        if contact:
            quiet.lift(contact, by=self.members[recipient])

    def part(self, one: str, other: str) -> None:
        contact = quiet.between(self.members[one], self.members[other])
        if contact:
            quiet.end(contact, by=self.members[one])

    def appeal(self, writer: str, reader: str, text: str) -> None:
        marked = Pitch.objects.select_related("message").filter(by=self.members[reader])
        pitches.appeal(marked.get(message__writer=self.members[writer]), by=self.members[writer], text=text)

    def report(self, reporter: str, writer: str, words: str) -> None:
        """The last message of the writer is reported."""
        one, other = self.members[reporter], self.members[writer]
        message = (
            Message.objects.select_related("thread")
            .filter(writer=other, thread=threads.between(one, other))
            .latest("pk")
        )
        reports.report(one, other, words=words, key=self.key(), message=message)

    def appoint(self, handle: str) -> None:
        moderators.appoint(self.members[handle], by="town")

    def offer_vouch(self, voucher: str, subject: str, *, line: int, sentence: str) -> None:
        one, other, entry = self.members[voucher], self.members[subject], self.entries[voucher][line]
        vouches.offer(one, other, entry=entry, sentence=sentence, key=self.key())

    def _offered(self, voucher: str, subject: str) -> Vouch:
        return vouches.offered_to(self.members[subject]).get(voucher=self.members[voucher])

    def countersign_vouch(self, voucher: str, subject: str, *, visible_to: int) -> None:
        vouches.countersign(self._offered(voucher, subject), by=self.members[subject], visible_to=visible_to)

    def refuse_vouch(self, voucher: str, subject: str) -> None:
        vouches.refuse(self._offered(voucher, subject), by=self.members[subject])

    def meet_in_person(self, moderator: str, member: str) -> None:
        proofs.grant(self.members[member], ProofKind.MET, by=self.members[moderator])

    def set_terms(self, member: str, question: str = "", **floors: Any) -> None:
        terms.change(self.members[member], Floors(wanted=True, **floors), question=question)

    def offer_role(self, sender: str, recipient: str, *, line: int, **form: Any) -> None:
        entry = self.entries[recipient][line]
        envelopes.send(self.members[sender], self.members[recipient], Form(**form), entry=entry, key=self.key())

    def _offered_role(self, sender: str, recipient: str) -> Offer:
        arrived = offering.arrived_for(self.members[recipient])
        return arrived.get(sender=self.members[sender])

    def answer_offer(self, sender: str, recipient: str, *, answer: str) -> None:
        offering.answer(self._offered_role(sender, recipient), by=self.members[recipient], answer=answer)

    def say_range(self, sender: str, recipient: str, *, kept: bool) -> None:
        records.report_range(self._offered_role(sender, recipient), by=self.members[recipient], kept=kept)

    def open_call(self, member: str, *, days: int, **call: str) -> None:
        ends_on = clock.today() + timedelta(days=days)
        calls.open_(self.members[member], ends_on=ends_on, key=self.key(), **call)

    def speak_to(self, member: str, *, topics: Iterable[tuple[str, str]]) -> None:
        calls.speak_to(self.members[member], list(topics))

    def promote(self, sender: str, recipient: str, *, text: str) -> None:
        """Into the last call of the recipient."""
        call = calls.of(self.members[recipient]).latest("opened_at")
        promotions.send(self.members[sender], call, text=text, key=self.key())

    def night(self) -> None:
        nights.solve()

    def block(self, blocker: str, other: str) -> None:
        blocks.block(self.members[blocker], self.members[other])


WAITING = frozenset({3, 4, 5})
"""Turns of deeds that answer a request: the worker must have settled it."""


MEASURED_EVERY = 40
"""Days with deeds between two `workroom.measure`."""


@dataclass(frozen=True, order=True)
class Deed:
    """`do` happens at `at`; of two at the same moment the one with the lower `turn` comes first.

    0 joining · 1 inviting · 2 asking · 3 vouching, asking back · 4 replying, the cast's story · 5 answering ·
    6 lifting · 7 writing, vouching in public · 8 reading, countersigning · 9 parting
    (nights of standing come before everything else)
    """

    at: datetime
    turn: int
    do: Callable[[Town], object] = field(compare=False)


def perform(deeds: Iterable[Deed], town: Town) -> None:
    """Everything happens in order; the jobs of a day are done that evening, under that evening's clock.

    Evenings whose jobs nothing on the next day waits for are left to a later one: half the time is saved.
    """
    evening = None
    for number, (_day, group) in enumerate(groupby(sorted(deeds), key=lambda deed: deed.at.date())):
        of_day = list(group)
        if evening and any(deed.turn in WAITING for deed in of_day):
            _do_jobs(evening)
        if number % MEASURED_EVERY == MEASURED_EVERY - 1:
            workroom.measure()
        for deed in of_day:
            evening = deed.at
            with clock.at(evening):
                deed.do(town)
    if evening:
        _do_jobs(evening)


def _do_jobs(evening: datetime) -> None:
    workroom.hasten()
    with clock.at(evening):
        jobs.drain_everything(strict=True)
    workroom.sweep()


def _profile(person: Person) -> dict[str, object]:
    return {
        "headline": person.headline,
        "place": person.city,
        "languages": "Deutsch, Englisch" if person.speaks == GERMAN else "English, some German",
        "about": person.about,
        "time_zone": places.zone_of(person.city),
        "name_to": Visibility.MEMBERS if len(person.about) % 3 else Visibility.EVERYONE,
        "headline_to": Visibility.MEMBERS,
        "place_to": Visibility.MEMBERS,
        "languages_to": Visibility.MEMBERS,
        "about_to": Visibility.MEMBERS,
    }


def _facts(line: Line) -> entries.Facts:
    return entries.Facts(
        kind=line.kind,
        organisation=line.place,
        unit=line.unit,
        title=line.title,
        text=line.text,
        starts=Month(line.starts),
        ends=None if line.ends is None else Month(line.ends),
        visible_to=line.visible_to,
        matchable=line.matchable,
    )
