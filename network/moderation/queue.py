"""Which cases a moderator may read and decide: none of their own, their contacts', or across a block."""

from django.db.models import F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least, Power
from django.utils.translation import gettext_lazy as _

from accounts import powers, ties
from accounts.models import Block, Member
from foundation import audit
from foundation.refusals import Forbidden
from network.moderation.models import Case, Freeze, Report, State
from vetting.models import Standing

DECIDE = "moderation.decide_case"
FREEZE = "moderation.freeze_member"


class NotImpartial(Forbidden):
    code = "not-impartial"
    message = _("You are involved, or a contact of yours is, or there is a block: another moderator decides this.")


def _near(moderator: Member, whom: str) -> Q:
    """Whether the member at `whom` is the moderator, a contact of theirs, or one of a block with them."""
    return (
        Q(**{whom: moderator.pk})
        | Q(**{f"{whom}__in": ties.contact_ids(moderator)})
        | Q(**{f"{whom}__in": Block.objects.filter(blocker=moderator).values("blocked")})
        | Q(**{f"{whom}__in": Block.objects.filter(blocked=moderator).values("blocker")})
    )


def open_to(moderator: Member) -> QuerySet[Case]:
    """Cases the moderator may read, open or decided. What is about them or theirs is not there at all: it would
    name who reported it."""
    if not powers.has(moderator, "moderation.view_case"):
        return Case.objects.none()
    reported_by_near = Case.objects.filter(_near(moderator, "reports__reporter"))
    hidden = _near(moderator, "about") | Q(pk__in=reported_by_near.values("pk")) | _pitch_marked_by_near(moderator)
    return Case.objects.exclude(hidden).select_related("about", "decided_by", "pitch")


def freezes_open_to(moderator: Member) -> QuerySet[Freeze]:
    """Freezes of nobody near."""
    return Freeze.objects.exclude(_near(moderator, "member"))


def _pitch_marked_by_near(moderator: Member) -> Q:
    return Q(pk__in=Case.objects.filter(_near(moderator, "pitch__by")).values("pk"))


def weighed(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With `weight`: what the words of all who reported weigh now (`reputation.word`), each person once. A hint for
    the order in which to look, and nothing else."""
    reporters = Report.objects.filter(case=OuterRef(OuterRef("pk"))).values("reporter")
    share = Least(Greatest(F("points") / 100.0, Value(0.0)), Value(1.0))
    words = Standing.objects.filter(member__in=reporters).order_by().annotate(one=Value(1)).values("one")
    total = words.annotate(total=Sum(Power(share, 2))).values("total")
    return cases.annotate(weight=Coalesce(Subquery(total), 0.0, output_field=FloatField()))


def waiting(moderator: Member) -> int:
    """How many open cases wait for somebody like this moderator."""
    return open_to(moderator).filter(state=State.OPEN).count()


def check(case: Case, by: Member | None) -> Member:
    """The moderator who may decide this case now. Raises `NotAModerator`, `NotImpartial`."""
    moderator = powers.check(by, DECIDE)
    if not open_to(moderator).filter(pk=case.pk).exists():
        raise NotImpartial
    return moderator


def check_member(member: Member, by: Member | None) -> Member:
    """The moderator who may freeze or thaw this member. Raises `NotAModerator`, `NotImpartial`."""
    moderator = powers.check(by, FREEZE)
    if Member.objects.filter(_near(moderator, "pk"), pk=member.pk).exists():
        raise NotImpartial
    return moderator


def note_refused(by: Member | None, act: str, about: str, refusal: Forbidden) -> None:
    """Somebody tried what they may not: that stays written, although nothing else does."""
    actor = f"member:{by.pk}" if by else "nobody"
    audit.note(actor, f"was-refused-{act}", about, detail={"code": refusal.code})


def freezes_of(member: Member) -> QuerySet[Freeze]:
    return Freeze.objects.filter(member=member).order_by("-at")
