"""What is said of requests: received, sent, asked and answered."""

from rest_framework import serializers

from frontend.api.people import BriefOut
from frontend.api.shapes import Choice, Flag, Id, Moment, Shape, Text, page_of
from network.contacts import answers
from network.contacts.models import ContextKind, Status

CONTEXTS = [str(kind) for kind in (ContextKind.ENTRY, ContextKind.INVITATION, ContextKind.EARLIER)]
DECLINES = [str(answer) for answer in answers.DECLINES]


class ContextOut(Shape):
    """As it stood when asking. `words` stand in where it names no entry."""

    kind = Text()
    organisation = Text()
    unit = Text()
    title = Text()
    months = Text()
    words = Text()


class TruthOut(Shape):
    text = Text()
    bold = serializers.BooleanField(help_text="The words claim a contact that the server has no record of.")


class WordOut(Shape):
    person = BriefOut()
    sentence = Text()


class ReceivedOut(Shape):
    id = Id(source="row.public_id")
    person = BriefOut()
    context = ContextOut()  # type: ignore[assignment]  # a name of DRF, too
    grade = Text(source="row.grade")
    truth = TruthOut()
    vouches = serializers.IntegerField()
    asked_at = Moment(source="row.asked_at")


class ReceivedPageOut(ReceivedOut):
    reasons = serializers.ListField(child=Text(), help_text="Of the grade.")
    words = WordOut(many=True, help_text="Of those who vouch; for your eyes alone.")
    note = Text(source="row.note")
    in_tray = serializers.BooleanField()
    open = serializers.BooleanField(help_text="Can still be answered.")
    answer = Text(source="row.answer", help_text="Yours.")
    question = Text(source="row.question", help_text="Yours, back.")
    reply = Text(source="row.reply")


class SentOut(Shape):
    id = Id(source="row.public_id")
    person = BriefOut()
    context = ContextOut()  # type: ignore[assignment]  # a name of DRF, too
    status = Choice(source="row.status", choices=[str(one) for one in Status.values])
    asked_at = Moment(source="row.asked_at")


class SentPageOut(SentOut):
    grade = Text()
    reasons = serializers.ListField(child=Text(), help_text="Of the grade.")
    note = Text(source="row.note")
    asked = BriefOut(many=True, help_text="Whom you asked to vouch. More is not told.")
    question = Text(source="row.question", help_text="Theirs, back.")
    reply = Text(source="row.reply", help_text="Yours.")


class AskedOut(Shape):
    """`sent` is null where their own request waited for you: by asking you have accepted it."""

    sent = SentPageOut(allow_null=True)
    in_contact = serializers.BooleanField()


class AskIn(Shape):
    to = Text(help_text="A handle.")
    context = Choice(choices=CONTEXTS)  # type: ignore[assignment]  # a name of DRF, too
    entry = Id(required=False, allow_null=True, help_text="One of yours, where the context is an entry.")
    note = Text(default="", help_text="At most 200 characters, without links, addresses or phone numbers.")
    vouchers = serializers.ListField(
        child=Text(), max_length=10, default=list, help_text="Handles of up to three of your own contacts."
    )
    key = Id(required=False, help_text="Of your own making: the same key again asks nobody twice.")


class AcceptIn(Shape):
    both_there = Flag(default=False, help_text="Yes, we were both there: becomes a confirmation.")


class DeclineIn(Shape):
    answer = Choice(choices=DECLINES)


class AskBackIn(Shape):
    question = Text(default="", help_text="Your own words; empty: Where do we know each other from?")


class ReplyIn(Shape):
    text = Text()


ReceivedPage = page_of(ReceivedOut, "ReceivedPage")
SentPage = page_of(SentOut, "SentPage")
