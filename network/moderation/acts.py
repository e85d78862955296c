"""What moderators read in the audit log for the acts of this wing."""

from django.utils.translation import gettext_lazy as _

from foundation import audit

audit.worded(
    {
        "appointed-moderator": _("appointed a moderator"),
        "dismissed-moderator": _("dismissed a moderator"),
        "froze-member": _("froze an account"),
        "thawed-member": _("thawed an account"),
        "upheld-case": _("upheld a case"),
        "dismissed-case": _("dismissed a case"),
        "took-back-case": _("took a decision back"),
        "labelled-message": _("labelled a message"),
        "unlabelled-message": _("took the label off a message"),
        "appealed-pitch": _("appealed against a mark as a pitch"),
        "granted-appeal": _("granted an appeal"),
        "dismissed-appeal": _("dismissed an appeal"),
        "asked-to-erase": _("asked for evidence to be erased"),
        "erased-evidence": _("erased evidence that another moderator asked to erase"),
        "kept-evidence": _("refused to erase evidence"),
        "was-refused-appeal": _("was refused to answer an appeal"),
        "was-refused-erasure": _("was refused to erase evidence"),
        "was-refused-case": _("was refused to decide a case"),
        "was-refused-freeze": _("was refused to freeze an account"),
        "was-refused-thaw": _("was refused to thaw an account"),
    }
)
