"""Pages of requests where one side lives on another server."""

import pytest

from accounts.models import Member
from tests.cast import was_at
from tests.federation.conftest import Abroad, lives_abroad
from tests.federation.story import asked_by, ours_to
from tests.frontend.pages import signed_in


@pytest.fixture
def zoe(db: None) -> Abroad:
    return lives_abroad("zoe", "two.example")


def page(member: Member, path: str) -> str:
    answer = signed_in(member).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_request_from_elsewhere_shows_what_it_discloses(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada, note="Do you remember the pump?")
    for path in ("/requests/tray/", f"/requests/{request.public_id}/"):
        assert "Zoe Z" in page(ada, path)
        assert "Do you remember the pump?" in page(ada, path)


def test_no_grade_stands_on_a_request_to_somebody_elsewhere(ada: Member, zoe: Abroad) -> None:
    request, _name = ours_to(ada, zoe)
    assert "grade-word" not in page(ada, f"/requests/sent/{request.public_id}/")
    assert "Their own server grades this request" in page(ada, f"/requests/sent/{request.public_id}/")
    assert "letter-seal" not in page(ada, "/requests/sent/")


@pytest.mark.parametrize(
    ("speaks", "words"), [(True, "Their own server grades"), (False, "Their server knows nothing of requests")]
)
def test_the_form_says_what_their_server_will_do(speaks: bool, words: str, ada: Member) -> None:
    lives_abroad("yan", "three.example", speaks=speaks)
    entry = was_at(ada, "Acme Werke")
    form = f"/@yan@three.example/ask/?entry={entry.public_id}"
    assert words in page(ada, form)
