"""The demo town keeps every promise it shows: built once through the verbs, the same at the same moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from accounts import crossings, ties
from accounts.models import Entry, Member, Tie, Visibility
from foundation import clock
from foundation.models import Job
from frontend.management.town import founding, second
from frontend.management.town.cast import CAST, PASSWORD
from frontend.management.town.deeds import Deed, Town
from network.contacts import places, quiet, requests, vouching
from network.contacts.models import Request
from network.messages import calls, pitches, promotions, threads
from network.messages.models import Message
from network.moderation.models import Case, State
from network.offers import answers as offering
from network.offers import records
from tests.cast import new_member
from vetting import contexts, credentials, ledger, vouches, why
from vetting.models import Evidence, Vouch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def _found() -> bool:
    with clock.at(NOON):
        return founding.found()


@pytest.fixture
def _today() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.mark.usefixtures("_today")
def test_the_town_lives_and_keeps_its_books() -> None:
    """One test, because a town takes the better part of a minute to build."""
    assert _found()

    _is_as_large_as_promised()
    _has_whole_books()
    _adas_desk_is_laid()
    _moderators_have_work()
    _standing_is_alive()
    _market_is_open()
    _is_founded_once()


def _market_is_open() -> None:
    """Terms, an offer that waits, one whose range was kept, one that was kept away; calls, and what came into one."""
    ada, bo, tarek = (Member.objects.get(handle=handle) for handle in ("ada", "bo_ahrens", "tarek"))
    assert [(offer.sender.handle, offer.answer, offer.kept) for offer in offering.arrived_for(ada)] == [
        ("tarek", "", None),
        ("grete", "interested", True),
    ]
    assert ada.offers_received.count() == 3
    assert records.record_of(sender=tarek) == records.Record(kept=5, cases=6)
    assert [promotion.sender for promotion in promotions.folder_of(ada)] == [tarek]
    assert [call.member for call in calls.seen_by(ada)] == [bo]


def _is_as_large_as_promised() -> None:
    assert Member.objects.present().count() == founding.PEOPLE
    assert 250 <= Tie.objects.filter(ended_at=None).count() <= 400
    sizes = sorted(Counter(Entry.objects.values_list("organisation", flat=True)).values(), reverse=True)
    assert sizes[0] >= 4 * sizes[len(sizes) // 2]
    assert {2, 3, 4, 5} <= set(Counter(Entry.objects.values_list("member", flat=True)).values())
    assert not Request.objects.filter(asked_at__gt=NOON).exists()
    assert not Message.objects.filter(sent_at__gt=NOON).exists()
    open_now = Counter(Request.objects.filter(answer="", ended_at=None).values_list("grade", flat=True))
    assert set(open_now) == {"A", "B", "C"}


def _has_whole_books() -> None:
    """No chain is broken, no constraint is violated, no job is left or dead, nobody asked more than they may."""
    for about in Evidence.objects.values_list("about", flat=True).distinct():
        assert not list(ledger.breaks(about))
    assert not Job.objects.filter(done_at=None).exists()
    assert not Job.objects.filter(dead_at__isnull=False).exists()
    for member in Member.objects.all():
        assert places.open_of(member).count() <= 3
    asked = Counter((asker, at.date()) for asker, at in Request.objects.values_list("asker", "asked_at"))
    assert max(asked.values()) <= 2
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def _adas_desk_is_laid() -> None:
    ada, bo, malte = (Member.objects.get(handle=handle) for handle in ("ada", "bo_ahrens", "malte"))
    assert [one.grade for one in requests.at_the_door(ada)] == ["B", "A"]
    assert [one.grade for one in requests.in_the_tray(ada)] == ["C", "C"]
    assert vouching.waiting_for(ada).count() == 1
    assert threads.unread(ada) >= 2
    met = set(ties.contact_ids(ada))
    found, _more = crossings.find(ada)
    assert [one for one in found if one.person.member.pk not in met]
    assert crossings.with_person(ada, bo)
    assert not ties.in_contact(ada, bo)
    grete = Member.objects.get(handle="grete")
    assert grete.pk in contexts.confirmed_contacts(ada) & contexts.confirmed_contacts(bo)
    assert requests.at_the_door(bo).count() == 1
    last = Message.objects.filter(writer=malte).latest("pk")
    assert pitches.markable(quiet.between(ada, malte), last, ada)


def _moderators_have_work() -> None:
    assert set(Case.objects.filter(state=State.OPEN).values_list("about__handle", flat=True)) >= {"vanessa", "malte"}
    staff = Member.objects.filter(account__is_staff=True).values_list("handle", flat=True)
    assert set(staff) == {"mo_seidel", "tarek"}


def _standing_is_alive() -> None:
    """Anchors, words given in public, and nights enough that Ada's page has something to say."""
    ada, tarek = (Member.objects.get(handle=handle) for handle in ("ada", "tarek"))
    told = why.explain(ada)
    assert 60 <= told.points <= 120
    assert len([row for row in told.rows if row.points >= 0.05]) >= 4
    assert [row for row in told.rows if "vouch" in row.kinds]
    assert len(told.weeks) >= 20
    assert why.explain(tarek).rows[0].what == "anchor"
    assert vouches.offered_to(ada).count() >= 1
    assert vouches.about(ada).count() >= 2
    assert {bool(vouch.issued_at) for vouch in vouches.given_by(ada)} == {True, False}
    assert Vouch.objects.exclude(issued_at=None).count() >= 60
    for vouch in vouches.about(ada):
        assert vouch.credential is not None
        assert credentials.verify(vouch.credential, now=NOON).statement == vouch.sentence


def _is_founded_once() -> None:
    before = Member.objects.count(), Request.objects.count()
    assert not _found()
    assert (Member.objects.count(), Request.objects.count()) == before
    accounts = [Member.objects.get(handle=person.handle).account for person in CAST]
    assert all(account and account.check_password(PASSWORD) for account in accounts)


@pytest.mark.usefixtures("_today")
def test_the_second_town_is_small_and_has_the_first_ones_colleagues() -> None:
    assert founding.found(second.deeds)

    assert Member.objects.present().count() == second.PEOPLE
    zoe, tom = (Member.objects.get(handle=handle) for handle in ("zoe", "tom"))
    assert ties.in_contact(zoe, tom)
    assert zoe.name_to == Visibility.EVERYONE
    assert not Job.objects.filter(done_at=None).exists()
    places_of_ada = {line.place for person in CAST if person.handle == "ada" for line in person.lines}
    assert places_of_ada & {entry.organisation.name for entry in zoe.entries.select_related("organisation")}
    assert set(second.SAYS_WHO) == {person.handle for person in second.CAST if person.password}


@override_settings(DEMO=False)
def test_outside_the_demo_no_town_is_founded() -> None:
    with pytest.raises(CommandError):
        call_command("demo")
    assert not Member.objects.exists()


def test_where_people_live_no_town_is_founded() -> None:
    new_member("ada")
    with pytest.raises(CommandError):
        call_command("demo")
    assert Member.objects.count() == 1


def test_the_plan_holds_the_limits_on_whatever_day_it_is_founded() -> None:
    """The plan alone, for two years of days: it is made, nothing lies in the future."""
    for days in range(0, 730, 45):
        moment = NOON + timedelta(days=days)
        deeds = list(founding.deeds(moment))
        assert all(deed.at <= moment for deed in deeds)
        offers = [(deed.do.keywords["voucher"], deed.at) for deed in deeds if _does(deed, Town.offer_vouch)]  # type: ignore[attr-defined]
        assert len(offers) >= 60
        for voucher, at in offers:
            lately = [one for who, one in offers if who == voucher and at - timedelta(days=30) < one <= at]
            assert len(lately) <= settings.VOUCHES_MAX
        assert max(Counter(voucher for voucher, _at in offers).values()) <= settings.VOUCHES_LIVE_MAX


def _does(deed: Deed, what: object) -> bool:
    return getattr(deed.do, "func", None) is what


def test_the_same_moment_gives_the_same_town() -> None:
    def said() -> list[tuple[object, ...]]:
        deeds = founding.deeds(NOON)
        return [(deed.at, deed.turn, deed.do.func, deed.do.args, deed.do.keywords) for deed in deeds]  # type: ignore[attr-defined]

    assert said() == said()
