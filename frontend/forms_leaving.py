"""The one question before leaving."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LeaveForm(forms.Form):
    """Unticked at first; without the tick nothing happens."""

    understood = forms.BooleanField(
        label=_("I have read this, and want to leave for good."),
        error_messages={"required": _("Tick this if you want to leave. Nothing has happened yet.")},
    )
