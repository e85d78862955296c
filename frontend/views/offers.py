"""Offers: the sender's form and what was sent; for the recipient what arrived, why, and the answers, one click each."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people, visibility
from foundation.refusals import NotThere
from frontend import offers_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_offers import RANGE_PERCENT, OfferForm
from network.notices import telling
from network.offers import answers, envelopes, records, terms
from network.offers.models import Answer
from vetting import allowance

A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def offer_make(request: MemberRequest, handle: str) -> HttpResponse:
    me, recipient = request.member, people.by_handle(handle)
    if me.pk == recipient.pk:
        raise envelopes.OfferToOneself
    form = OfferForm(request.POST if request.method == "POST" else None, sender=me, recipient=recipient)
    sent = form.send() if form.is_valid() else None
    return redirect("offer_sent", public_id=sent.public_id) if sent else _form_page(request, form)


def _form_page(request: MemberRequest, form: OfferForm) -> HttpResponse:
    me, recipient = request.member, form.recipient
    values = {
        "form": form,
        "person": visibility.names_for(me, [recipient])[recipient.pk],
        "told": visibility.disclosed(me),
        "last": envelopes.last_to(me, recipient),
        "left": int(allowance.left(me, allowance.Kind.OFFER)),
        "range_percent": RANGE_PERCENT,
        "pause_days": settings.OFFER_PAUSE_DAYS,
    }
    return render(request, "pages/offer_make.html", values, status=form.status)


@require_safe
@members_only
def offers_sent(request: MemberRequest) -> HttpResponse:
    telling.seen(request.member, "interested")
    page = Paginator(envelopes.sent_by(request.member), A_PAGE).get_page(request.GET.get("page"))
    names = visibility.names_for(request.member, [row.recipient for row in page])
    rows = [{"offer": row, "person": names[row.recipient_id], "role": row.form["role"]} for row in page]
    return render(request, "pages/offers_sent.html", {"rows": rows, "page": page})


@require_safe
@members_only
def offer_sent(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = envelopes.sent_by(request.member).filter(public_id=public_id).first()
    if row is None:
        raise answers.NotYourOffer
    telling.seen(request.member, "interested", ref=row.pk)
    values = {
        "offer": row,
        "person": visibility.names_for(request.member, [row.recipient])[row.recipient_id],
        "written": offers_shown.written(row),
        "ends_days": settings.OFFER_ENDS_DAYS,
    }
    return render(request, "pages/offer_sent.html", values)


@require_safe
@members_only
def offers(request: MemberRequest) -> HttpResponse:
    """What waits for an answer, and below it the history."""
    telling.seen(request.member, "offer")
    page = Paginator(answers.arrived_for(request.member), A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"offer": row, "person": visibility.disclosed(row.sender), "written": offers_shown.written(row)} for row in page
    ]
    values = {"rows": rows, "page": page, "wanted": terms.of(request.member, by=request.member).wanted}
    return render(request, "pages/offers.html", values)


@require_safe
@members_only
def offer(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = answers.for_recipient(request.member, public_id)
    telling.seen(request.member, "offer", ref=row.pk)
    written = offers_shown.written(row)
    values = {
        "offer": row,
        "person": visibility.disclosed(row.sender),
        "written": written,
        "truth": offers_shown.truth(row),
        "met": offers_shown.terms(terms.met_by(row, by=request.member)),
        "sender_record": offers_shown.record(records.record_of(sender=row.sender)),
        "employer_record": offers_shown.record(records.record_of(employer=written.employer)),
        "answers": [one for one in Answer if one not in (Answer.NONE, Answer.INTERESTED)],
    }
    return render(request, "pages/offer.html", values)


@require_POST
@members_only
def offer_answer(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = answers.for_recipient(request.member, public_id)
    contact = answers.answer(row, by=request.member, answer=request.POST.get("answer", ""))
    if contact:
        messages.success(request, _("You are in contact now. The offer stands in your thread."))
        return redirect("thread_with", handle=row.sender.called)
    messages.success(request, _("Answered. The one who sent the offer is told nothing."))
    return redirect("offers")


@require_POST
@members_only
def offer_kept(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Whether the range was kept, said after the talk."""
    row = answers.for_recipient(request.member, public_id)
    said = request.POST.get("kept")
    if said not in ("yes", "no"):
        raise NotThere
    records.report_range(row, by=request.member, kept=said == "yes")
    messages.success(request, _("Thank you. It counts from Monday on, together with what others said."))
    return redirect("offer", public_id=public_id)
