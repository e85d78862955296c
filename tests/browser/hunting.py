"""The half of the story in which head-hunters play: three offers, of which one was read first."""

from accounts.models import Member
from network.offers.models import Offer
from tests.browser import market
from tests.browser.market import Stage
from tests.browser.window import Window
from tests.flows import running

QUESTION = "Which of my entries made you write?"
ROLE = "Head of the instrument hall"
GOOD = {
    "role": ROLE,
    "employer": "Nordlicht Optik GmbH",
    "pay_low": "92000",
    "pay_high": "104000",
    "place": "DE-HH",
    "remote_percent": "40",
    "staff": "12",
    "mandate": "They are moving the whole hall and want somebody who has moved one. You would report to the board.",
    "why": "You led the works when the old instruments were moved.",
    "answer": "The years at your works: you kept every instrument running.",
}


def sets_terms(stage: Stage, bo: Window) -> None:
    """A floor, a level, a place, no confidential employers; and a question that shows who has read."""
    bo.go("/terms/")
    assert not bo.page.is_checked("main [name=wanted]")
    bo.page.check("main [name=wanted]")
    bo.fill(pay="90000", places="DE-HH, DE-NI", excluded="Seek & Find GmbH", question=QUESTION)
    bo.page.select_option("main [name=level]", "senior")
    stage.picture(bo, "01-terms")
    bo.press()
    assert "Your terms are sealed" in bo.words("body")
    assert bo.page.input_value("main [name=pay]") == "90000"


def _offers(stage: Stage, one: Window, **more: str) -> None:
    one.go(f"/@{stage.bo.handle}/offer/")
    one.fill(**{**GOOD, **more})
    one.page.select_option("main [name=level]", "head")
    one.page.select_option("main [name=kind]", "permanent")
    one.page.check("main [name=entry] >> nth=0")


def _is_sent(one: Window) -> None:
    one.press()
    assert "/offers/sent/" in one.page.url
    assert one.words(".state").startswith("sent")


def misses_them(stage: Stage, one: Window, sender: Member, **wrong: str) -> None:
    """Falls short, and reads what whoever meets them reads."""
    one.sign_in(market.address(sender), market.PASSWORD)
    _offers(stage, one, **wrong)
    _is_sent(one)


def meets_them(stage: Stage, ada: Window) -> None:
    """Who leaves the question unanswered is told so, and keeps every word."""
    _offers(stage, ada, answer="")
    assert QUESTION in ada.words("main form.form")
    ada.page.click("main form .button-main")
    ada.page.wait_for_selector("main .errorlist")
    assert ada.page.input_value("main [name=mandate]") == GOOD["mandate"]
    ada.fill(answer=GOOD["answer"])
    stage.picture(ada, "02-offer-form")
    _is_sent(ada)
    stage.picture(ada, "03-offer-sent")


def reads_what_arrived(stage: Stage, bo: Window) -> None:
    """The worker has looked at all three; one is there, with why."""
    running.until(lambda: not Offer.objects.filter(recipient=stage.bo, settled_at=None).exists(), within_s=60)
    bo.go("/offers/")
    assert bo.page.locator("#offers li").count() == 1
    stage.picture(bo, "04-offers")
    bo.press("#offers a[href^='/offers/']")
    told = bo.words("body")
    for words in (ROLE, GOOD["mandate"], GOOD["why"], GOOD["answer"], f"Works of {stage.bo.handle}", "Pay"):
        assert words in told
    assert "by invitation" in bo.words(".truth")
    stage.picture(bo, "05-offer")
    bo.press("main [name=answer][value=interested]")


def talks_of_it(stage: Stage, bo: Window, ada: Window) -> None:
    """The offer stands in their thread, labelled; they had met before, and the line above it says so."""
    assert bo.has("#lines .message .tag")
    assert "by invitation" in bo.words(".truth")
    stage.picture(bo, "06-thread")
    bo.fill(text="Tell me more on Thursday.")
    bo.press("#write form:has([name=text]) .button-main")
    ada.go("/offers/sent/")
    assert "interested" in ada.words("main .state")
    for row in Offer.objects.exclude(sender=stage.ada).filter(recipient=stage.bo):
        assert row.status == "sent"


def says_the_range_was_kept(stage: Stage, bo: Window) -> None:
    bo.go("/offers/")
    bo.press("#offers a[href^='/offers/']")
    stage.picture(bo, "07-after-the-talk")
    bo.press("main [name=kept][value=yes]")
    assert "You said: it was kept." in bo.words()
    assert Offer.objects.get(sender=stage.ada).kept is True
