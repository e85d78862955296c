"""A word given in public, as people play it: offered, countersigned, seen by a mutual contact, taken along, verified,
withdrawn, gone; and the page that says why a standing is so."""

import uuid
from pathlib import Path

import pytest

from accounts.models import Member
from network.contacts import invitations
from network.moderation import moderators
from tests import cast
from tests.browser.conftest import Opener
from tests.browser.test_story import PASSWORD, Story, with_password
from tests.browser.window import Window
from tests.flows.running import House
from vetting import nights

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flow,
    pytest.mark.timeout(420),
    pytest.mark.usefixtures("at_home"),
]
SENTENCE = "We kept the old exchange alive for four winters, and I would take her call."


@pytest.mark.parametrize(("language", "script"), [("de", True), ("en", False)])
def test_a_word_is_given_and_taken_along(
    window: Opener, house: House, language: str, script: bool, pictures: Path | None, tmp_path: Path
) -> None:
    story = Story(uuid.uuid4().hex[:6], language, script, pictures)
    ada, bo, cleo, visitor = (window(script=script) for _who in "abcv")
    know_each_other(story)
    for who, one in (("ada", ada), ("bo", bo), ("cleo", cleo)):
        one.sign_in(story.email(who), PASSWORD)
        one.speak(language)
    visitor.go("/")
    visitor.speak(language)
    offers(story, ada)
    countersigns(story, bo, cleo)
    sees(story, cleo, visitor)
    file = takes_along(story, bo, visitor, tmp_path)
    verifies(story, visitor, file)
    reads_why(story, bo)
    withdraws(story, ada, bo, visitor, file)


def know_each_other(story: Story) -> None:
    """All three know each other and were at the same places; Ada moderates, so that her word weighs something."""
    made = [
        with_password(story, who, name) for who, name in (("ada", "Ada Adler"), ("bo", "Bo Berg"), ("cleo", "Cleo"))
    ]
    for member in made:
        cast.was_at(member, story.place)
    moderators.appoint(made[0])
    for host, guest in ((0, 1), (2, 0), (1, 2)):
        invitations.spend(invitations.make(made[host])[1], by=made[guest])


def offers(story: Story, ada: Window) -> None:
    ada.go(f"/@{story.handle('bo')}/")
    story.picture(ada, "30-person-may-vouch")
    ada.press(f"main a[href='/@{story.handle('bo')}/vouch/']")
    ada.page.check(f"main label:has-text('{story.place}') [name=entry]")
    ada.fill(sentence="Ring me: 0176 1234567")
    story.picture(ada, "31-vouch")
    ada.press()
    assert "0176" in ada.page.input_value("main [name=sentence]")
    ada.fill(sentence=SENTENCE)
    ada.press()
    assert SENTENCE in ada.words()
    story.picture(ada, "32-given")


def countersigns(story: Story, bo: Window, cleo: Window) -> None:
    cleo.go(f"/@{story.handle('bo')}/")
    assert SENTENCE not in cleo.words()
    bo.go("/letters/")
    bo.reload_until(f"main li:has-text('{story.email('bo')}') a")
    bo.go("/vouches/")
    assert SENTENCE in bo.words()
    assert bo.page.is_checked("main [name=visible_to][value='0']")
    story.picture(bo, "33-offered")
    bo.page.check("main [name=visible_to][value='2']")
    bo.press("main form[action$='/countersign/'] .button-main")
    bo.page.click("main details.fold summary")
    story.picture(bo, "34-about-me")


def sees(story: Story, cleo: Window, visitor: Window) -> None:
    """Cleo knows both; a visitor sees nothing, since it is for members."""
    cleo.go(f"/@{story.handle('bo')}/")
    assert SENTENCE in cleo.words()
    story.picture(cleo, "35-person-with-vouch")
    visitor.go(f"/@{story.handle('bo')}/")
    assert SENTENCE not in visitor.words()


def address(bo: Window) -> str:
    bo.go("/vouches/")
    bo.page.click("main details.fold summary")
    return "/" + str(bo.page.input_value("main input.address")).split("/", 3)[3]


def takes_along(story: Story, bo: Window, visitor: Window, folder: Path) -> Path:
    path = address(bo)
    with bo.page.expect_download() as saved:
        bo.page.click("main a[href$='?download']")
    file = folder / "vouch.json"
    saved.value.save_as(file)
    visitor.go(path)
    assert SENTENCE in visitor.words()
    story.says(visitor, "This vouch is genuine")
    story.picture(visitor, "36-credential")
    return file


def verifies(story: Story, visitor: Window, file: Path) -> None:
    visitor.go("/verify/")
    story.picture(visitor, "37-verify")
    visitor.page.set_input_files("main [name=file]", str(file))
    visitor.press()
    story.says(visitor, "This vouch is genuine")
    assert "Ada Adler" in visitor.words()
    story.picture(visitor, "38-genuine")
    visitor.fill(text=file.read_text().replace("four winters", "five winters"))
    visitor.press()
    story.says(visitor, "This proves nothing")
    story.picture(visitor, "39-not-genuine")


def reads_why(story: Story, bo: Window) -> None:
    nights.solve()
    bo.go("/standing/")
    story.says(bo, "Why is it so?")
    assert Member.objects.get(handle=story.handle("bo")).name == "Bo Berg"
    assert bo.has("main table.sums tfoot")
    story.picture(bo, "40-standing")


def withdraws(story: Story, ada: Window, bo: Window, visitor: Window, file: Path) -> None:
    path = address(bo)
    ada.go("/vouches/")
    ada.press("main a[href$='/withdraw/']")
    story.picture(ada, "41-withdraw")
    ada.press("main form .button-warn")
    answer = visitor.page.goto(path)
    assert answer is not None
    assert answer.status == 410
    story.picture(visitor, "42-gone")
    visitor.go("/verify/")
    visitor.page.set_input_files("main [name=file]", str(file))
    visitor.press()
    story.says(visitor, "This vouch was withdrawn.")
