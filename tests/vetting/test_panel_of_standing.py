"""The panel's rooms of standing: anchors and domains by verbs alone, and a page of nights that only reads rows."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import Account, Member
from foundation import clock
from foundation.models import AuditEntry
from tests.cast import new_member
from tests.moderation.desk import at, browser
from tests.vetting.town import confirmed, founder, night, vouched
from vetting import evidence, ledger, proofs, standing, watch, work_mail
from vetting.models import Night, Proof, ProofKind, Standing, WorkDomain

ACME = "acme-werke.de"
GRANT, REVOKE = "vetting_proof_tool_of_room", "vetting_proof_tool"
ADD, REMOVE = "vetting_workdomain_tool_of_room", "vetting_workdomain_tool"


@pytest.fixture
def desk(mo: Member) -> Client:
    return browser(mo)


def doors(proof: Proof, domain: WorkDomain, member: Member) -> list[tuple[str, dict[str, str]]]:
    """Every tool of these rooms, with a form that would do it."""
    return [
        (at(GRANT, "prove"), {"handle": member.handle, "kind": "met"}),
        (at("accounts_member_tool", member.pk, "prove"), {"kind": "met"}),
        (at(REVOKE, proof.pk, "revoke"), {}),
        (at(ADD, "add"), {"domain": "other-gmbh.de"}),
        (at(REMOVE, domain.pk, "remove"), {"end_proofs": "on"}),
    ]


def kept() -> list[object]:
    domains = WorkDomain.objects.order_by("pk").values_list("domain", flat=True)
    return [list(Proof.objects.order_by("pk").values()), list(domains)]


@pytest.mark.parametrize("who", ["member", "staff", "visitor"])
def test_nobody_but_moderators_does_anything_here(who: str, ada: Member, bo: Member, mo: Member) -> None:
    domain, proof = work_mail.allow_domain(ACME, by=mo), proofs.grant(bo, "met", by=mo)
    before = kept()
    Account.objects.filter(member=ada).update(is_staff=who == "staff")
    client = Client() if who == "visitor" else browser(Member.objects.get(pk=ada.pk))

    def closed(answer: HttpResponseBase) -> bool:
        return answer.status_code in ({302} if who == "visitor" else {403, 404})

    for door, form in doors(proof, domain, bo):
        assert closed(client.get(door)), door
        assert closed(client.post(door, form)), door
    for room in ("proof", "workdomain", "night"):
        assert closed(client.get(at(f"vetting_{room}_changelist"))), room
    assert kept() == before


def test_looking_at_a_tool_does_nothing(desk: Client, bo: Member, mo: Member) -> None:
    domain, proof = work_mail.allow_domain(ACME, by=mo), proofs.grant(bo, "met", by=mo)
    before, noted = kept(), AuditEntry.objects.count()

    for door, form in doors(proof, domain, bo):
        assert desk.get(door, form).status_code == 200, door
    assert kept() == before
    assert AuditEntry.objects.count() == noted


@pytest.mark.parametrize("room", ["anchors", "member"])
@pytest.mark.parametrize("kind", ["met", "checked-in"])
def test_a_member_is_made_an_anchor_from_either_room(
    kind: str, room: str, desk: Client, ada: Member, mo: Member
) -> None:
    door = at(GRANT, "prove") if room == "anchors" else at("accounts_member_tool", ada.pk, "prove")

    assert desk.post(door, {"handle": "@ada", "kind": kind}).status_code == 302

    proof = Proof.objects.get(member=ada)
    assert (proof.kind, proof.by) == (kind, mo)
    assert AuditEntry.objects.get(act=f"proved-{kind}").actor == f"member:{mo.pk}"
    text = desk.get(at("vetting_proof_changelist")).content.decode()
    assert "@ada" in text
    assert desk.get(at("vetting_proof_change", proof.pk)).status_code == 200


def test_moderators_neither_prove_themselves_nor_grant_what_is_not_theirs(
    desk: Client, ada: Member, mo: Member
) -> None:
    before = Proof.objects.count()
    for door in (at(GRANT, "prove"), at("accounts_member_tool", mo.pk, "prove")):
        answer = desk.post(door, {"handle": mo.handle, "kind": "met"})
        assert answer.status_code == 403
        assert "nobody proves themselves" in answer.content.decode()
    for kind in ("moderator", "work-mail", "king"):
        assert desk.post(at(GRANT, "prove"), {"handle": "ada", "kind": kind}).status_code == 200  # the form again
    assert desk.post(at(GRANT, "prove"), {"handle": "nobody_here", "kind": "met"}).status_code == 404

    assert Proof.objects.count() == before
    refused = AuditEntry.objects.filter(act="was-refused-proof", about=f"member:{mo.pk}")
    assert [line.detail for line in refused] == [{"code": "not-to-be-proved"}] * 2


def test_a_proof_is_revoked_once(desk: Client, ada: Member, mo: Member) -> None:
    proof = proofs.grant(ada, "met", by=mo)

    assert desk.post(at(REVOKE, proof.pk, "revoke")).status_code == 302
    assert desk.post(at(REVOKE, proof.pk, "revoke")).status_code == 409
    assert not proofs.live(clock.now()).filter(member=ada).exists()
    assert "@ada" not in desk.get(at("vetting_proof_changelist")).content.decode()
    assert "@ada" in desk.get(at("vetting_proof_changelist") + "?state=ended").content.decode()
    assert "do/revoke" not in desk.get(at("vetting_proof_change", proof.pk)).content.decode()


def test_domains_are_added_and_removed(desk: Client, ada: Member, mo: Member) -> None:
    assert desk.post(at(ADD, "add"), {"domain": " ACME-Werke.de "}).status_code == 302
    row = WorkDomain.objects.get()
    proofs.enter(ada, ProofKind.WORK_MAIL, by=None, actor="test", domain=ACME)
    text = desk.get(at("vetting_workdomain_changelist")).content.decode()
    assert '<td class="field-proved">1</td>' in text

    refused = desk.post(at(ADD, "add"), {"domain": "gmail.com"})
    assert refused.status_code == 400
    assert 'value="gmail.com"' in refused.content.decode()

    assert desk.post(at(REMOVE, row.pk, "remove")).status_code == 302
    assert proofs.live(clock.now()).filter(member=ada).exists()
    assert not WorkDomain.objects.exists()


# ── how standing is computed ────────────────────────────────────────────────
@pytest.fixture
def town(ada: Member, bo: Member, cleo: Member) -> Night:
    """Two anchors, one of whom vouches for Ada and Bo; Ada and Bo confirmed each other; Cleo has nobody."""
    first, second = founder(), founder("second")
    proofs.enter(cleo, ProofKind.CHECKED_IN, by=None, actor="test")
    for member in (ada, bo):
        vouched(first, member)
    confirmed(ada, bo)
    assert second.pk
    return night()


def test_the_counts_are_those_of_the_rows(town: Night) -> None:
    seen = watch.watch()

    assert seen is not None
    members, x = Member.objects.count(), {row.member_id: row for row in Standing.objects.all()}
    assert (seen.last, town.members, seen.anchored) == (town, members, 3)
    assert seen.anchors_percent == pytest.approx(100 * (1 + 1 + 0.5) / members)
    allowed = sum(row.points >= 100 / 15 for row in x.values())
    assert seen.allowance_percent == pytest.approx(100 * allowed / members)
    total = sum(row.points for row in x.values())
    heaviest = seen.heaviest[0]
    assert heaviest.voucher == "@founder"
    assert heaviest.kinds == [watch.KINDS[evidence.VOUCH]]
    assert heaviest.percent == pytest.approx(100 * heaviest.points / total)
    assert {(edge.voucher, edge.member) for edge in seen.heaviest} == {
        *(("@founder", "@ada"), ("@founder", "@bob"), ("@ada", "@bob"), ("@bob", "@ada")),
    }
    assert seen.error == standing.error_points(town.residual, town.unit)
    assert seen.error_limit == standing.ERROR_POINTS_A_MEMBER * members


def test_an_event_shows_in_the_bound_at_once(town: Night, ada: Member, bo: Member) -> None:
    before = watch.watch()
    ledger.record(bo, by=ada, kind=evidence.SEVERED, source="x")
    standing.recompute(ada)
    after = watch.watch()

    assert before is not None
    assert after is not None
    assert after.error > before.error
    assert next(edge for edge in after.heaviest if edge.voucher == "@ada").kinds == []


def said(seen: watch.Watch | None) -> str:
    assert seen is not None
    return " ".join(str(warning) for warning in seen.warnings)


def test_operators_are_warned_in_words(town: Night) -> None:
    assert said(watch.watch()) == ""
    total = sum(Standing.objects.values_list("points", flat=True))
    for share, warned in ((0.049, False), (0.051, True)):
        Night.objects.update(heaviest=[[1, 2, share * total]])
        assert said(watch.watch()).startswith("One edge carries more than a twentieth") is warned
    Night.objects.update(anchors=0.01, residual=1000, heaviest=[])
    assert "newcomers starve" in said(watch.watch())
    assert "a full solve is due" in said(watch.watch())
    assert "26 hours" not in said(watch.watch())
    with clock.at(clock.now() + timedelta(hours=27)):
        assert "26 hours" in said(watch.watch())
    Night.objects.update(anchors=1, residual=0)
    assert said(watch.watch()) == ""


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("nights", [0, 1, 30])
def test_the_page_reads_rows_and_computes_no_standing(
    nights: int, language: str, desk: Client, town: Night, mo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    Member.objects.filter(pk=mo.pk).update(language=language)
    Night.objects.filter(pk=town.pk).delete() if not nights else None
    for back in range(1, nights):
        Night.objects.create(
            **{name: getattr(town, name) for name in _FIELDS}, as_of=town.as_of - timedelta(days=back), unit=1 / back
        )
    for name in ("recompute", "judge", "one_writer"):
        monkeypatch.setattr(standing, name, lambda *_: pytest.fail("computed in a page"))
    before = list(Standing.objects.order_by("pk").values())

    text = desk.get(at("vetting_night_changelist")).content.decode()

    assert ("<polyline" in text) is (nights > 0)
    assert not re.search(r"<style|<[^>]*\s(style|on\w+)=|<script(?![^>]*\ssrc=)", text)
    for drawn in re.findall(r'<polyline points="([^"]*)"', text):
        assert len(drawn.split()) == max(2, nights)
        assert re.fullmatch(r"[0-9., ]+", drawn)
    assert list(Standing.objects.order_by("pk").values()) == before
    if nights:
        assert desk.get(at("vetting_night_change", town.pk)).status_code == 200


_FIELDS = ("median", "residual", "members", "edges", "anchors", "with_allowance", "rounds", "took_s", "heaviest")


def test_erased_members_leave_an_edge_without_a_name(town: Night, desk: Client) -> None:
    gone = new_member("gone")
    Night.objects.update(heaviest=[[gone.pk + 1000, gone.pk, 3.0]])

    (edge,) = watch.watch().heaviest  # type: ignore[union-attr]
    assert (edge.voucher, edge.member, edge.kinds) == ("–", "@gone", [])
    assert "@gone" in desk.get(at("vetting_night_changelist")).content.decode()


def test_the_chart_stays_in_its_box() -> None:
    for units in ([0.06], [0.06, 0.06], [0.06, 0.3, 0.1], [0.0, 0.0]):
        drawn = [tuple(map(float, spot.split(","))) for spot in watch.chart(units).line.split()]
        assert all(0 <= x <= watch.CHART[0] and 0 <= y <= watch.CHART[1] for x, y in drawn)
    assert watch.chart([0.1, 0.15]).drift_percent == pytest.approx(50)
