"""A quiet period that moderators renew is told to the server of whom it binds, and heard from there."""

from datetime import timedelta

import pytest

from accounts.models import Member
from foundation import clock, jobs, rfc3339
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.federation.models import Outbound
from network.messages.models import Message
from network.moderation import decisions
from tests.cast import DAY
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.story import acceptance, asked_by, last_to, note, ours_to, types_to
from tests.moderation.desk import REASONS, upheld


def advertised(ada: Member, zoe: Abroad) -> Contact:
    """Zoe asked and was accepted; her quiet period is long over, and she advertises."""
    with clock.at(clock.now() - 60 * DAY):
        contact = answers.accept(asked_by(zoe, ada), by=ada)
        jobs.drain_everything(strict=True)
    arrives(zoe, note(zoe, ada, "We have new pumps."))
    return contact


def test_their_server_hears_until_when_they_keep_quiet(ada: Member, mo: Member, zoe: Abroad) -> None:
    advertised(ada, zoe)
    upheld(Message.objects.get(), ada, mo)

    told = last_to(zoe, "Update")
    assert (told["to"], told["object"]["id"]) == ([zoe.uri], last_to(zoe, "Accept")["id"])
    assert rfc3339.read(told["object"]["endTime"]) > clock.now() + 29 * DAY


def test_it_hears_too_that_this_was_an_error(ada: Member, mo: Member, zoe: Abroad) -> None:
    advertised(ada, zoe)
    case = upheld(Message.objects.get(), ada, mo)
    with clock.at(clock.now() + DAY):
        decisions.take_back(case, by=mo, **REASONS)
        jobs.drain_everything(strict=True)

        assert rfc3339.read(last_to(zoe, "Update")["object"]["endTime"]) <= clock.now()


def test_what_binds_somebody_here_is_told_to_nobody(ada: Member, zoe: Abroad) -> None:
    """Their server has no need of it: what would sell does not leave."""
    contact = advertised(ada, zoe)
    sent = Outbound.objects.count()
    quiet.restart(contact, side=ada)
    jobs.drain_everything(strict=True)

    assert Outbound.objects.count() == sent
    assert "Update" not in types_to(zoe)


@pytest.mark.parametrize(("ahead", "days"), [(20 * DAY, 20), (900 * DAY, 30)])
def test_what_their_server_will_not_take_is_not_written_here(
    ahead: timedelta, days: int, ada: Member, zoe: Abroad
) -> None:
    """Thirty days at most, whatever it says."""
    _request, name = ours_to(ada, zoe)
    accepted = acceptance(zoe, name, ada)
    arrives(zoe, accepted)
    Contact.objects.update(quiet_until=clock.now())
    until = rfc3339.write(clock.now() + ahead)
    inner = {"id": accepted["id"], "type": "Accept", "object": name, "endTime": until}

    assert arrives(zoe, said(zoe, "Update", inner, to=ada)).outcome == "done"
    bound = quiet.keeps_quiet(ada, zoe.member)
    assert bound
    assert abs(bound.until - clock.now() - days * DAY) < DAY / 24


def test_nobody_else_binds_them(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    _request, name = ours_to(ada, zoe)
    accepted = acceptance(zoe, name, ada)
    arrives(zoe, accepted)
    Contact.objects.update(quiet_until=clock.now())
    inner = {"id": accepted["id"], "type": "Accept", "endTime": rfc3339.write(clock.now() + 20 * DAY)}

    assert arrives(mallory_abroad, said(mallory_abroad, "Update", inner, to=ada)).outcome == "refused:not-theirs"
    assert quiet.keeps_quiet(ada, zoe.member) is None
