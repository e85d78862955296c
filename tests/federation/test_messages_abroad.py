"""Words to one person across servers: messages between contacts, the question back and its reply."""

import pytest
from pytest_django import Settings

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import answers, blocks, quiet
from network.contacts.models import Contact
from network.federation import addresses, tombstones
from network.federation.models import Outbound
from network.messages import pitches, threads
from network.messages.models import Message, Pitch
from network.offers import envelopes
from tests.cast import DAY, key, was_at
from tests.federation.conftest import Abroad, arrives, lives_abroad
from tests.federation.story import acceptance, asked_by, in_contact, last_to, note, ours_to, types_to
from tests.offers.stage import FORM

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
def contact(ada: Member, zoe: Abroad) -> Contact:
    """Zoe, elsewhere, has asked Ada, who has accepted: Zoe keeps quiet."""
    made = answers.accept(asked_by(zoe, ada), by=ada)
    jobs.drain_everything(strict=True)
    return made


@pytest.fixture
def ours(ada: Member, zoe: Abroad) -> Contact:
    """Ada has asked Zoe, elsewhere, who has accepted: Ada keeps quiet."""
    return in_contact(ada, zoe)


# --- leaving


def test_a_message_leaves_as_a_direct_note_without_a_proof(contact: Contact, ada: Member, zoe: Abroad) -> None:
    message = threads.write(ada, zoe.member, text="Good to hear\nfrom <you>", key=key())

    sent = last_to(zoe, "Create")

    body = sent["object"]
    assert (sent["to"], sent["cc"], body["to"], body["cc"]) == ([zoe.uri], [], [zoe.uri], [])
    assert body["content"] == "<p>Good to hear<br>from &lt;you&gt;</p>"
    assert body["tag"] == [{"type": "Mention", "href": zoe.uri, "name": "@zoe@two.example"}]
    assert body["context"] == addresses.thing("thread", message.thread.public_id)
    assert body["attributedTo"] == addresses.actor(ada)
    assert not Outbound.objects.get(uri=sent["id"]).proved


def test_nothing_on_the_wire_has_an_array_for_its_type(contact: Contact, ada: Member, zoe: Abroad) -> None:
    threads.write(ada, zoe.member, text="Good to hear from you", key=key())
    jobs.drain_everything(strict=True)

    def types(value: object) -> list[object]:
        if isinstance(value, dict):
            own = [value["type"]] if "type" in value else []
            return own + [one for name, inner in value.items() if name != "@context" for one in types(inner)]
        return [one for inner in value for one in types(inner)] if isinstance(value, list) else []

    for sent in Outbound.objects.all():
        assert all(isinstance(one, str) for one in types(sent.body))


def test_an_answer_names_what_it_answers_and_the_thread_as_they_called_it(
    contact: Contact, ada: Member, zoe: Abroad
) -> None:
    theirs = note(zoe, ada, "Hello Ada", context="https://two.example/threads/7")
    arrives(zoe, theirs)
    threads.write(ada, zoe.member, text="Hello Zoe", key=key())

    body = last_to(zoe, "Create")["object"]

    assert body["inReplyTo"] == theirs["object"]["id"]
    assert body["context"] == "https://two.example/threads/7"


def test_a_thread_has_no_name_of_another_server(contact: Contact, ada: Member, zoe: Abroad) -> None:
    arrives(zoe, note(zoe, ada, "Hello Ada", context="https://evil.example/threads/7"))
    threads.write(ada, zoe.member, text="Hello Zoe", key=key())
    assert addresses.is_ours(last_to(zoe, "Create")["object"]["context"])


# --- arriving


def test_a_message_arrives_as_plain_text_in_the_thread_of_the_two(contact: Contact, ada: Member, zoe: Abroad) -> None:
    activity = note(zoe, ada, "Hello <b>Ada</b><script>alert(1)</script><br>and &lt;all&gt;")
    assert arrives(zoe, activity).outcome == "done"
    message = Message.objects.get()
    assert (message.writer, message.text, message.purpose) == (zoe.member, "Hello Ada\nand <all>", "personal")
    assert threads.unread(ada) == 1


@pytest.mark.parametrize("again", ["another inbox", "another activity"])
def test_a_message_that_comes_twice_is_one(again: str, contact: Contact, ada: Member, zoe: Abroad) -> None:
    activity = note(zoe, ada)
    arrives(zoe, activity)
    if again == "another inbox":
        arrives(zoe, activity, inbox_of="ada")
    else:
        assert arrives(zoe, {**activity, "id": f"{zoe.uri}activities/again"}).outcome == "done"
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("See https://shop.example now", "quiet-period"),
        ("Call me: 0171 2345678", "quiet-period"),
        ("", "message-empty"),
        ("x" * 10_001, "message-too-long"),
    ],
)
def test_the_rules_of_a_thread_hold_at_this_door(
    text: str, refusal: str, contact: Contact, ada: Member, zoe: Abroad
) -> None:
    assert arrives(zoe, note(zoe, ada, text)).outcome == f"refused:{refusal}"
    assert not Message.objects.exists()


def test_one_unanswered_message_and_no_more(contact: Contact, ada: Member, zoe: Abroad) -> None:
    arrives(zoe, note(zoe, ada, "First", name="1"))
    assert arrives(zoe, note(zoe, ada, "Second", name="2")).outcome == "refused:wait-for-reply"
    threads.write(ada, zoe.member, text="Yes?", key=key())
    assert arrives(zoe, note(zoe, ada, "Third", name="3")).outcome == "done"


def test_the_side_that_asked_keeps_quiet_when_it_is_ours(ours: Contact, ada: Member, zoe: Abroad) -> None:
    with pytest.raises(threads.StillQuiet):
        threads.write(ada, zoe.member, text="Our product: https://shop.example", key=key())
    assert arrives(zoe, note(zoe, ada, "My page: https://zoe.example")).outcome == "done"


@pytest.mark.adversarial(37)
@pytest.mark.parametrize("field", ["to", "cc", "bto", "bcc", "audience"])
@pytest.mark.parametrize("where", ["activity", "note"])
@pytest.mark.parametrize(
    "who",
    [PUBLIC, "as:Public", "https://two.example/@zoe/followers", "https://two.example/@yan/", {"id": PUBLIC}, 7, {}],
)
def test_what_others_may_read_too_is_no_private_message(
    who: object, where: str, field: str, contact: Contact, ada: Member, zoe: Abroad
) -> None:
    activity = note(zoe, ada)
    target = activity if where == "activity" else activity["object"]
    target[field] = [*target.get(field, []), who]
    arrives(zoe, activity)
    assert not Message.objects.exists()


@pytest.mark.adversarial(1)
@pytest.mark.parametrize("lie", ["another author", "another server's note", "no name", "no note"])
def test_a_note_of_somebody_else_is_no_message(
    lie: str, contact: Contact, ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    activity = note(zoe, ada)
    if lie == "another author":
        activity["object"]["attributedTo"] = mallory_abroad.uri
    if lie == "another server's note":
        activity["object"]["id"] = "https://evil.example/notes/1"
    if lie == "no name":
        del activity["object"]["id"]
    if lie == "no note":
        activity["object"] = activity["object"]["id"]
    arrives(zoe, activity)
    assert not Message.objects.exists()


def test_without_contact_it_is_left_to_the_next_room(ada: Member, zoe: Abroad, mia: Abroad) -> None:
    for stranger in (zoe, mia):
        arrives(stranger, note(stranger, ada))
    assert not Message.objects.exists()


@pytest.mark.adversarial(16)
def test_a_message_that_was_deleted_before_it_came_does_not_come(contact: Contact, ada: Member, zoe: Abroad) -> None:
    activity = note(zoe, ada)
    assert tombstones.bury(activity["object"]["id"], by=zoe.actor)
    assert arrives(zoe, activity).outcome == "ignored:deleted"
    assert not Message.objects.exists()


def test_one_before_the_acceptance_waits_for_it(ada: Member, zoe: Abroad) -> None:
    _request, name = ours_to(ada, zoe)
    message = note(zoe, ada)
    early = arrives(zoe, message)
    assert (early.outcome, early.waits_for) == ("parked", name)

    arrives(zoe, acceptance(zoe, name, ada))

    early.refresh_from_db()
    assert early.outcome == "done"
    assert Message.objects.get().writer == zoe.member


def test_what_they_wrote_before_they_ended_it_arrives_after_it(ada: Member, zoe: Abroad, ours: Contact) -> None:
    quiet.end(ours, by=zoe.member)
    assert arrives(zoe, note(zoe, ada)).outcome == "done"
    with clock.at(clock.now() + 9 * DAY):
        assert arrives(zoe, note(zoe, ada, name="2")).outcome == "ignored"
    assert Message.objects.count() == 1


def test_what_comes_after_their_end_keeps_the_quiet_period_too(ada: Member, zoe: Abroad, contact: Contact) -> None:
    quiet.end(contact, by=zoe.member)
    assert arrives(zoe, note(zoe, ada, "See https://shop.example")).outcome == "refused:quiet-period"


@pytest.mark.parametrize("how", ["we ended it", "we blocked them after"])
def test_after_our_end_nothing_arrives(how: str, ada: Member, zoe: Abroad, ours: Contact) -> None:
    quiet.end(ours, by=ada if how == "we ended it" else zoe.member)
    if how != "we ended it":
        blocks.block(ada, zoe.member)
    arrives(zoe, note(zoe, ada))
    assert not Message.objects.exists()


def test_a_pitch_ends_the_contact_and_only_the_ending_leaves(contact: Contact, ada: Member, zoe: Abroad) -> None:
    arrives(zoe, note(zoe, ada, "We help companies to grow"))
    pitches.mark(Message.objects.get(), by=ada)

    sent = last_to(zoe, "Undo")

    assert Pitch.objects.get().proof == "We help companies to grow"
    assert set(sent) == {"@context", "id", "type", "actor", "to", "object"}
    assert types_to(zoe) == ["Accept", "Undo"]


def test_nearly_the_same_text_to_many_is_said_to_its_readers(
    ada: Member, bo: Member, cleo: Member, zoe: Abroad
) -> None:
    text = "We are three people who make small pumps by hand, and look for a shop in your town."
    for number, member in enumerate((ada, bo, cleo)):
        answers.accept(asked_by(zoe, member), by=member)
        arrives(zoe, note(zoe, member, text, name=str(number)))
    sent = Message.objects.order_by("pk").values_list("sent_to_many", flat=True)
    assert list(sent) == [False, False, True]


def test_a_server_has_a_quota_of_messages(contact: Contact, ada: Member, zoe: Abroad, settings: Settings) -> None:
    settings.PEER_QUOTAS = {"messages": 0}
    assert arrives(zoe, note(zoe, ada)).outcome == "refused:server-quota"


def test_offers_stay_on_this_server(ada: Member, zoe: Abroad) -> None:
    with pytest.raises(envelopes.OfferElsewhere):
        envelopes.send(ada, zoe.member, FORM, entry=was_at(zoe.member, "Acme Werke"), key=key())


def test_two_threads_with_two_people_do_not_mix(ada: Member, zoe: Abroad, contact: Contact) -> None:
    yan = lives_abroad("yan", "two.example")
    in_contact(ada, yan)
    arrives(zoe, note(zoe, ada, "From Zoe"))
    arrives(yan, note(yan, ada, "From Yan", name="y", context=f"{zoe.uri}threads/1"))
    assert {message.thread_id for message in Message.objects.all()} == {one.pk for one in threads.of(ada)}
    assert threads.of(ada).count() == 2
