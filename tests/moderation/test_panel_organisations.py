"""Organisations in the panel: merged, parted again, found by any of their names."""

from django.test import Client

from accounts import organisations
from accounts.models import Member, Merge, Organisation
from foundation import jobs
from foundation.models import AuditEntry
from network.contacts.models import Request
from tests.cast import asks, was_at
from tests.moderation.desk import at, deed


def test_a_merge_and_its_undoing_regrade_open_requests(panel_of: Client, ada: Member, bo: Member) -> None:
    was_at(bo, "Acme Pumps", "2002-01", "2005-12")
    request = asks(ada, bo, was_at(ada, "Acme Werke"))
    assert request.grade == "C"
    pumps = Organisation.objects.get(name="Acme Pumps")

    panel_of.post(deed("accounts_organisation", pumps.pk, "merge"), {"into": "ACME-Werke GmbH"})
    jobs.drain_everything()
    assert Request.objects.get().grade == "B"

    panel_of.post(deed("accounts_merge", Merge.objects.get().pk, "undo"))
    jobs.drain_everything()
    assert Request.objects.get().grade == "C"
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {"merged-organisations", "undid-merge"}


def test_merging_into_nothing_keeps_the_word_and_names_near_ones(panel_of: Client, ada: Member) -> None:
    was_at(ada, "Acme Werke")
    was_at(ada, "Zeta Werft", "1998-01", "1999-01")
    zeta = Organisation.objects.get(name="Zeta Werft")

    answer = panel_of.post(deed("accounts_organisation", zeta.pk, "merge"), {"into": "Acme"})

    assert answer.status_code == 404
    assert "Acme Werke" in answer.content.decode()
    assert 'value="Acme"' in answer.content.decode()
    assert panel_of.post(deed("accounts_organisation", zeta.pk, "merge"), {"into": "Zeta Werft"}).status_code == 409


def test_organisations_are_found_by_any_of_their_names(panel_of: Client, ada: Member, mo: Member) -> None:
    was_at(ada, "Straßenbau Müller GmbH")
    text = panel_of.get(at("accounts_organisation_changelist") + "?q=strassenbau+MUELLER").content.decode()
    assert "Straßenbau Müller" in text

    place = organisations.find_or_make("Straßenbau Müller")
    panel_of.post(deed("accounts_organisation", place.pk, "unit"))
    place.refresh_from_db()
    assert place.needs_unit
