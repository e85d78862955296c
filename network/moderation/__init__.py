"""Reports, decisions with reasons, freezing, appeals, erasing. What pages and commands call:

    reports.report(reporter, about, *, words, key, message=None, request=None) -> Report
    reports.waiting_of(reporter) -> list[Report]                  their own that nobody has decided yet
    notices.notices_for(member) -> list[Notice]                   what was decided, as that member may read it
    outside.give(url, *, words, name, email, …) -> Report         the same for people without an account
    decisions.uphold(case, *, by, to_reporter, to_subject)        a strike; or, for an appeal, the pitch is retracted
    decisions.dismiss(case, *, by, to_reporter, to_subject)
    review.ask_about_case(public_id, *, by, words) -> Appeal      against a decision; another moderator answers
    rulings.grant(appeal, *, by, reason) · rulings.dismiss(appeal, *, by, reason)
    erasing.ask(report, *, by, why) · erasing.confirm(erasure, *, by)      two moderators, never the same
    figures.of_year(year) -> Year                                 what the public page of figures says
    freezing.freeze(member, *, by, reason) · freezing.thaw(member, *, by, reason)
    queue.open_to(moderator) -> QuerySet[Case]                    the cases this moderator may read and decide
    moderators.appoint(member)                                    staff, in the group, an anchor

Everything raises refusals of `foundation.refusals`; permission is checked in the verb.
"""
