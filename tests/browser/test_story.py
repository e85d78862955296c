"""The whole story, as people play it: join, confirm, enter where one was, find the crossing, ask, be vouched for, be
accepted, write live, be refused a link, be undone as a pitch, be reported, and read what a moderator decided."""

import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Member
from network.contacts import invitations
from network.moderation import moderators
from tests import cast
from tests.browser.conftest import Opener
from tests.browser.window import Window
from tests.flows.running import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flow,
    pytest.mark.timeout(420),
    pytest.mark.usefixtures("at_home"),
]
PASSWORD = "a long enough password"
LIVE_MS = 5_000
SENTENCE = "We shared a lab for three years, and I would work with her again."


@dataclass
class Story:
    """Who plays, under handles of this run; `script` is off where everything must work without."""

    tag: str
    language: str
    script: bool
    pictures: Path | None

    @property
    def place(self) -> str:
        return f"Tinkering Works {self.tag}"

    def handle(self, who: str) -> str:
        return f"{who}{self.tag}"

    def email(self, who: str) -> str:
        return f"{who}{self.tag}@example.org"

    def picture(self, window: Window, name: str) -> None:
        if self.script:
            window.picture(self.pictures, f"{self.language}-{name}")

    def says(self, window: Window, english: str) -> None:
        """The page says this sentence of ours, in the language of the story."""
        assert window.language == self.language
        with translation.override(self.language):
            assert gettext(english) in window.words("body"), window.words("body")[:1500]


@pytest.mark.parametrize(("language", "script"), [("de", True), ("en", False)])
def test_two_people_meet_for_a_reason(
    window: Opener, house: House, language: str, script: bool, pictures: Path | None
) -> None:
    story = Story(uuid.uuid4().hex[:6], language, script, pictures)
    ada, bo, cleo, mo = (window(script=script) for _who in "abcm")
    visitors_get_no_cookie(story, ada)
    for who, name, one in (("ada", "Ada Adler", ada), ("bo", "Bo Berg", bo)):
        joins(story, one, who, name)
        enters(story, one)
    knows_both(story, cleo)
    asks(story, ada)
    vouches(story, cleo)
    accepts(story, bo)
    write_live(story, ada, bo)
    is_refused_a_link(story, ada)
    undoes(story, ada, bo)
    decides(story, mo)
    read_why(story, ada, bo)


def visitors_get_no_cookie(story: Story, one: Window) -> None:
    for path in ("/", "/about/", "/rules/", "/absent/", "/privacy/", "/impressum/"):
        one.go(path)
        assert one.context.cookies() == []
    one.go("/")
    one.speak(story.language)
    story.picture(one, "01-landing")


def joins(story: Story, one: Window, who: str, name: str) -> None:
    one.go("/account/signup/")
    one.speak(story.language)
    story.picture(one, "02-join")
    one.fill(name=name, handle=story.handle(who), email=story.email(who), password1=PASSWORD)
    one.press()
    one.go("/letters/")
    one.press(f"main li:has-text('{story.email(who)}') a")
    story.picture(one, "03-letter")
    one.press("main a[href*='/account/confirm-email/']")
    one.press("main form[action*='/account/confirm-email/'] button")
    one.go("/welcome/")
    story.says(one, "Three short steps. Nothing of this is seen by anybody until you say by whom.")
    story.picture(one, "04-welcome")
    one.choose("name_to", "2")
    one.press()


def enters(story: Story, one: Window) -> None:
    one.go("/entries/add/")
    one.fill(organisation=story.place, unit="Lab 3", starts="2001-04", ends="2004-06", title="Engineer")
    one.choose("visible_to", "2")
    one.page.check("main [name=matchable]")
    story.picture(one, "05-entry")
    one.press("main form:has([name=organisation]) .button-main")
    assert story.place in one.words()
    story.picture(one, "06-entries")


def knows_both(story: Story, cleo: Window) -> None:
    """Cleo has invited both, so that she is in confirmed contact with each; then she signs in."""
    member = with_password(story, "cleo", "Cleo Conrad")
    for who in ("ada", "bo"):
        guest = Member.objects.get(handle=story.handle(who))
        invitations.spend(invitations.make(member)[1], by=guest)
    cleo.sign_in(story.email("cleo"), PASSWORD)
    cleo.speak(story.language)


def with_password(story: Story, who: str, name: str) -> Member:
    member = cast.new_member(story.handle(who), name=name)
    account = member.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return member


def asks(story: Story, ada: Window) -> None:
    """The crossing is found; the form foresees grade C, says from when it would be B, and offers Cleo's word."""
    ada.go("/")
    story.picture(ada, "07-desk")
    ada.go("/crossings/")
    story.says(ada, "Who was there when I was?")
    story.picture(ada, "08-crossings")
    ada.press(f"main a[href='/@{story.handle('bo')}/ask/']")
    if not ada.page.is_checked("main [name=context]"):
        ada.page.check("main [name=context] >> nth=0")
    ada.page.wait_for_selector("#grade .grade-c")
    assert ada.page.locator("#grade ul.reasons li").count() >= 2
    ada.fill(note="Do you remember the night of the flood?")
    ada.page.click("main details.fold summary")
    ada.page.check("main [name=vouchers] >> nth=0")
    story.picture(ada, "09-ask")
    ada.press("main form.form .form-foot .button-main")
    assert "/requests/sent/" in ada.page.url
    assert ada.has("main .grade-c")
    story.picture(ada, "10-sent")


def vouches(story: Story, cleo: Window) -> None:
    cleo.go("/questions/")
    cleo.reload_until("main a[href^='/questions/']")
    cleo.press("main a[href^='/questions/']")
    assert story.place in cleo.words()
    cleo.fill(sentence=SENTENCE)
    story.picture(cleo, "11-question")
    cleo.press("main [name=answer][value=vouch]")
    assert cleo.page.url.endswith("/questions/")


def accepts(story: Story, bo: Window) -> None:
    """On one screen: who, the context, the grade and why, the vouch, the truth line, the answers."""
    bo.go("/requests/")
    bo.reload_until("main a.letter-open")
    story.picture(bo, "12-requests")
    bo.press("main a.letter-open")
    told = bo.words("body")
    assert "Ada Adler" in told
    assert story.place in told
    assert SENTENCE in told
    story.says(bo, "No contact on this server before.")
    assert bo.has("main .grade-a")
    assert bo.has("main ul.reasons li")
    assert bo.page.locator("main form.answers button").count() == 7
    assert bo.page.locator("main form.answers .button-main").bounding_box()["y"] < 900
    story.picture(bo, "13-request")
    bo.page.check("main [name=both_there]")
    bo.press("main form.answers .button-main")
    story.picture(bo, "14-contact")


def writes(one: Window, text: str) -> None:
    one.fill(text=text)
    one.press("#write form:has([name=text]) .button-main")


def appears(story: Story, one: Window, text: str) -> None:
    """Without a reload where there is a script, within five seconds; else by the link that looks again."""
    if not story.script:
        one.page.reload()
    one.page.wait_for_selector(f"#lines .message:has-text('{text}')", timeout=LIVE_MS)


def write_live(story: Story, ada: Window, bo: Window) -> None:
    ada.go(f"/@{story.handle('bo')}/")
    story.picture(ada, "15-person")
    writes(bo, "I do: the third floor stood under water.")
    ada.go(f"/messages/with/{story.handle('bo')}/")
    appears(story, ada, "third floor")
    writes(ada, "And the printer went on printing.")
    appears(story, bo, "went on printing")
    writes(bo, "It prints to this day.")
    appears(story, ada, "to this day")
    story.picture(ada, "16-thread-asker")
    story.picture(bo, "17-thread-asked")


def is_refused_a_link(story: Story, ada: Window) -> None:
    words = "Look what I sell: https://shop.example/new"
    ada.fill(text=words)
    ada.page.click("#write form:has([name=text]) .button-main")
    ada.page.wait_for_selector("#write [role=alert], #write .errorlist, #write .notice-stop")
    assert ada.page.input_value("#write [name=text]") == words
    assert "shop.example" not in ada.words(".thread")
    story.picture(ada, "18-refused")


def undoes(story: Story, ada: Window, bo: Window) -> None:
    ada.go(f"/messages/with/{story.handle('bo')}/")
    writes(ada, "Then buy my new printer, cheap.")
    appears(story, bo, "buy my new printer")
    pitched = ".thread-line:has-text('buy my new printer')"
    bo.press(f"{pitched} form[action^='/messages/pitch/'] button")
    assert not bo.has("#write [name=text]")
    story.picture(bo, "19-undone")
    if not story.script:
        ada.page.reload()
    ada.page.wait_for_selector("#write form[action*='/appeal/']", state="attached", timeout=LIVE_MS)
    assert not ada.has("#write textarea[name=text] >> visible=true")
    story.picture(ada, "20-undone-asker")
    bo.press(f"{pitched} a[href^='/messages/report/']")
    bo.fill(words=f"She sold me a printer {story.tag}.")
    story.picture(bo, "21-report")
    bo.press()


def decides(story: Story, mo: Window) -> None:
    moderators.appoint(with_password(story, "mo", "Mo Mann"))
    mo.sign_in(story.email("mo"), PASSWORD)
    mo.speak(story.language)
    mo.go("/panel/")
    story.picture(mo, "22-panel")
    mo.go("/panel/moderation/case/")
    story.picture(mo, "23-cases")
    mo.press(f"#result_list tr:has-text('{story.handle('ada')}') a")
    assert f"printer {story.tag}" in mo.words("body")
    story.picture(mo, "24-case")
    mo.page.fill("[name=to_reporter]", f"You were right {story.tag}.")
    mo.page.fill("[name=to_subject]", f"Selling in the quiet period is not done {story.tag}.")
    mo.page.select_option("[name=ground]", "unlabelled")
    mo.press("[name=button][value=uphold]")
    assert mo.language == story.language


def read_why(story: Story, ada: Window, bo: Window) -> None:
    """Each side reads its own reason and not the other's; the reported never learns who reported."""
    ada.go("/notices/")
    assert f"is not done {story.tag}" in ada.words()
    assert "You were right" not in ada.words()
    assert "Bo Berg" not in ada.words()
    bo.go("/notices/")
    assert f"You were right {story.tag}" in bo.words()
    assert "is not done" not in bo.words()
    story.picture(bo, "25-decisions")
