"""Offers that were read first, and promotion that was asked for, as people play it: terms are set, of three offers one
arrives, is answered, and its range reported; a call is opened, one promotion let in, a second one refused by the
allowance; then one comes unlabelled, is marked, upheld in the panel, and its sender may send less."""

import uuid
from pathlib import Path

import pytest

from network.messages.models import Call
from tests import cast
from tests.browser import hunting, market
from tests.browser.conftest import Opener
from tests.browser.market import PROMOTION, Stage
from tests.browser.window import Window
from tests.flows import running
from tests.flows.running import House
from tests.messages import markets
from tests.vetting import town
from vetting import allowance, standing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flow,
    pytest.mark.timeout(420),
    pytest.mark.usefixtures("at_home"),
]
PITCH = "Our platform saves you 30 % off: https://shop.example.com"


@pytest.mark.parametrize("script", [True, False])
def test_what_reaches_you_was_read_first_or_asked_for(
    window: Opener, house: House, script: bool, pictures: Path | None
) -> None:
    stage = market.stage(uuid.uuid4().hex[:6], pictures if script else None)
    ada, bo, mo = (window(script=script) for _who in "abm")
    for one, member in ((ada, stage.ada), (bo, stage.bo), (mo, stage.mo)):
        one.sign_in(market.address(member), market.PASSWORD)
    hunting.sets_terms(stage, bo)
    for member, wrong in stage.careless:
        hunting.misses_them(stage, window(script=script), member, **wrong)
    hunting.meets_them(stage, ada)
    hunting.reads_what_arrived(stage, bo)
    hunting.talks_of_it(stage, bo, ada)
    hunting.says_the_range_was_kept(stage, bo)
    opens_a_call(stage, bo)
    speaks_to_it(stage, ada)
    answers_it(stage, ada)
    reads_it(stage, bo)
    is_refused_a_second(stage, ada)
    sends_one_unlabelled(stage, ada)
    marks_it(stage, bo)
    upholds(stage, mo)
    may_send_less(stage, ada, bo)


def opens_a_call(stage: Stage, bo: Window) -> None:
    bo.go("/calls/")
    bo.page.click("main section:has(#mine) details.fold summary")
    bo.choose("kind", "service")
    bo.page.select_option("main [name=topic]", "tax")
    bo.fill(region="DE-NW", words=markets.WORDS)
    stage.picture(bo, "01-open")
    bo.press("main form[action='/calls/open/'] .button-main")
    assert markets.WORDS in bo.words()
    stage.picture(bo, "02-opened")


def speaks_to_it(stage: Stage, ada: Window) -> None:
    ada.go("/calls/")
    ada.page.select_option("main [name=topic_0]", "tax")
    ada.fill(region_0="DE")
    ada.press("main form[action='/calls/topics/'] button")
    assert markets.WORDS in ada.words()
    stage.picture(ada, "03-answerable")


def answers_it(stage: Stage, ada: Window) -> None:
    call = Call.objects.get(member=stage.bo)
    ada.press(f"main a[href='/calls/{call.public_id}/']")
    stage.picture(ada, "04-call")
    ada.fill(text="I have advised eleven foundations.")
    ada.press("main form.form .button-main")
    assert ada.page.url.endswith("/promotions/sent/")
    stage.picture(ada, "05-sent")


def reads_it(stage: Stage, bo: Window) -> None:
    bo.go("/promotions/")
    assert "eleven foundations" in bo.words()
    assert bo.has("main .message .tag")
    stage.picture(bo, "06-folder")


def is_refused_a_second(stage: Stage, ada: Window) -> None:
    """Into another open call: the page says so before anything is typed, and when the next one is free."""
    other = markets.opens(cast.new_member(f"other{uuid.uuid4().hex[:6]}"))
    ada.go(f"/calls/{other.public_id}/")
    assert "Your standing allows no more of these for now" in ada.words()
    assert not ada.has("main [name=text]")
    stage.picture(ada, "07-refused")


def sends_one_unlabelled(stage: Stage, ada: Window) -> None:
    """The hint comes first, the words stay, and it is her decision."""
    ada.go(f"/messages/with/{stage.bo.handle}/")
    ada.fill(text=PITCH)
    ada.press("#write form:has([name=text]) .button-main")
    assert "this reads like a promotion" in ada.words("#hint")
    assert ada.page.input_value("#write [name=text]") == PITCH
    stage.picture(ada, "08-hint")
    ada.press("#hint [name=it_is]")
    assert ada.has("#hint a[href='/calls/']")
    assert ada.page.input_value("#write [name=text]") == PITCH
    stage.picture(ada, "09-the-way")
    ada.press("#hint [name=as_is]")
    assert "saves you 30 %" in ada.words("#lines")


def marks_it(stage: Stage, bo: Window) -> None:
    bo.go(f"/messages/with/{stage.ada.handle}/")
    bo.page.click(".message-acts details:has([name=label]) summary")
    stage.picture(bo, "10-mark")
    bo.press(".message-acts [name=label][value=promotion]")
    assert "You marked this" in bo.words("#lines")


def upholds(stage: Stage, mo: Window) -> None:
    mo.go("/panel/moderation/case/")
    mo.press(f"#result_list tr:has-text('{stage.ada.handle}') a")
    assert "saves you 30 %" in mo.words("body")
    stage.picture(mo, "11-case")
    mo.page.fill("[name=to_reporter]", "You were right.")
    mo.page.fill("[name=to_subject]", "Advertising carries its label here.")
    mo.page.select_option("[name=ground]", "unlabelled")
    mo.press("[name=button][value=uphold]")


def may_send_less(stage: Stage, ada: Window, bo: Window) -> None:
    """Both see the label; the points have fallen, and promotions rest."""
    running.until(lambda: standing.of(stage.ada).rests_until, within_s=60)
    assert town.points(stage.ada) < stage.points
    assert allowance.left(stage.ada, PROMOTION) == 0
    for one, other in ((ada, stage.bo), (bo, stage.ada)):
        one.go(f"/messages/with/{other.handle}/")
        assert one.has("#lines .message .tag")
    stage.picture(bo, "12-labelled")
    ada.go(f"/calls/{Call.objects.exclude(member=stage.bo).latest('pk').public_id}/")
    assert "offers and promotions rest until" in ada.words()
    stage.picture(ada, "13-rests")
