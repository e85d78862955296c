"""Proving who one is, on the pages: nothing tells which employers are known, looking proves nothing, links are one's
own."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from foundation import jobs, letters
from foundation.models import Letter
from tests.frontend.pages import read, signed_in, steady
from vetting import proofs, work_mail
from vetting.models import Proof, ProofKind, WorkDomain

ACME = "acme-werke.de"
CANARY = "canary.seven@acme-werke.de"


@pytest.fixture
def acme(mo: Member) -> WorkDomain:
    return work_mail.allow_domain(ACME, by=mo)


def link_of(member: Member, address: str = CANARY) -> str:
    """The path in the letter that the page had written."""
    signed_in(member).post(reverse("proofs"), {"address": address})
    jobs.drain_everything()
    letter = Letter.objects.filter(kind=work_mail.KIND, reader=str(member.public_id)).latest("made_at")
    found = re.search(r"/proofs/\S+/", letters.text_of(letter).text)
    assert found is not None
    return found[0]


def test_settings_lead_to_the_page_which_says_what_one_has(ada: Member) -> None:
    assert f'href="{reverse("proofs")}"' in read(ada, reverse("settings"))
    assert "Nothing yet" in read(ada, reverse("proofs"))

    proofs.enter(ada, ProofKind.MET, by=None, actor="test")
    page = read(ada, reverse("proofs"))
    assert "Met in person by a moderator" in page
    assert "100 % of an anchor" in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_link_from_the_letter_proves_by_a_click(language: str, ada: Member, acme: WorkDomain) -> None:
    Member.objects.filter(pk=ada.pk).update(language=language)
    path, browser = link_of(ada), signed_in(ada)

    assert ACME in browser.get(path).content.decode()
    answer = browser.post(path, follow=True)
    assert ACME in answer.content.decode()
    assert 'name="address"' not in answer.content.decode()
    assert Proof.objects.get(member=ada).kind == ProofKind.WORK_MAIL


def test_known_and_unknown_domains_are_answered_with_the_same_bytes(ada: Member, bo: Member, acme: WorkDomain) -> None:
    Member.objects.filter(pk=bo.pk).update(name=ada.name)

    def asked(member: Member, address: str) -> list[object]:
        browser = signed_in(member)
        first = browser.post(reverse("proofs"), {"address": address})
        second = browser.get(first.headers["Location"])
        pages = [
            (one.status_code, steady(one.content.decode()), sorted(one.headers.items())) for one in (first, second)
        ]
        return [str(page).replace(member.handle, "somebody") for page in pages]

    known, unknown = asked(ada, CANARY), asked(bo, "canary.seven@unknown-gmbh.de")
    assert known == unknown
    assert "If this domain is known here, a letter is on its way." in str(known)
    assert "canary" not in str(known)


def test_looking_at_a_link_proves_nothing(ada: Member, acme: WorkDomain) -> None:
    path = link_of(ada)
    browser = signed_in(ada)

    for _look in range(3):
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
    assert not Proof.objects.filter(member=ada).exists()


def test_others_links_used_links_and_made_up_links_are_not_there(
    ada: Member, bo: Member, mo: Member, acme: WorkDomain
) -> None:
    path = link_of(ada)
    for door in (signed_in(bo).get, signed_in(bo).post):
        assert door(path).status_code == 404
    browser = signed_in(ada)
    assert browser.post(path[:-2] + "/").status_code == 404
    assert browser.post(reverse("proof_confirm", args=["x:y:z"])).status_code == 404
    assert not Proof.objects.filter(member__in=[ada, bo]).exists()

    browser.post(path)
    proofs.revoke(Proof.objects.get(member=ada), by=mo)
    assert browser.get(path).status_code == browser.post(path).status_code == 404


def test_a_mailbox_in_use_and_a_forbidden_domain_are_refused_in_words(
    ada: Member, bo: Member, mo: Member, acme: WorkDomain
) -> None:
    signed_in(ada).post(link_of(ada))
    path = link_of(bo)
    answer = signed_in(bo).post(path)
    assert answer.status_code == 409
    assert "One mailbox proves one person." in answer.content.decode()

    work_mail.forbid_domain(ACME, by=mo, end_proofs=True)
    assert signed_in(bo).post(path).status_code == 403
    assert not proofs.live(acme.added_at).filter(member=bo).exists()


def test_what_was_typed_stays_when_the_answer_is_no(ada: Member, acme: WorkDomain) -> None:
    answer = signed_in(ada).post(reverse("proofs"), {"address": "ada at work"})
    assert answer.status_code == 400
    assert 'value="ada at work"' in answer.content.decode()
    for _letter in range(work_mail.A_DAY):
        signed_in(ada).post(reverse("proofs"), {"address": CANARY})
    assert signed_in(ada).post(reverse("proofs"), {"address": CANARY}).status_code == 429


def test_visitors_and_forged_forms_get_nowhere(ada: Member, acme: WorkDomain) -> None:
    path = link_of(ada)
    for door in (reverse("proofs"), path):
        assert Client().get(door).status_code == 302
        assert Client().post(door, {"address": CANARY}).status_code == 302
        forger = Client(enforce_csrf_checks=True)
        assert ada.account is not None
        forger.force_login(ada.account, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert forger.post(door, {"address": CANARY}).status_code == 403
    assert not Proof.objects.filter(member=ada).exists()
    assert Letter.objects.filter(kind=work_mail.KIND).count() == 1
