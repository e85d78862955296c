"""Mail addresses and their domains: one way to write each, and which domains can be an employer's own. Pure."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from foundation import wording
from foundation.letters import NoAddress
from foundation.refusals import Invalid

DOMAIN_MAX_CHARACTERS = 253  # RFC 1035, 2.3.4, without the final dot
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_TWO_WAYS = frozenset("ßς\u200c\u200d")
"""Letters that the two IDNA standards turn into different names (UTS 46, deviation characters)."""

# ruff: noqa: SIM905  (lists of words read better as words)
FREE_BRANDS = frozenset(
    "aol gmail gmx googlemail hotmail icloud msn outlook protonmail rocketmail tutanota yahoo yandex ymail".split()
)
"""They have the same name under many endings."""
FREE_MAIL = frozenset(
    """
    1und1.de 126.com 163.com 10minutemail.com arcor.de bluewin.ch email.com email.de fastmail.com fastmail.fm free.fr
    freenet.de guerrillamail.com hey.com hispeed.ch hushmail.com inbox.lv inbox.ru kabelmail.de laposte.net libero.it
    list.ru live.at live.ch live.com live.de mac.com mail.com mail.de mail.ru mailbox.org mailinator.com me.com
    netcologne.de o2online.de o2mail.de online.de onlinehome.de orange.fr passport.com pm.me posteo.de posteo.net
    proton.me qq.com riseup.net rediffmail.com seznam.cz sfr.fr sunrise.ch t-online.de temp-mail.org tuta.com tuta.io
    tutamail.com unitybox.de vodafone.de vodafonemail.de wanadoo.fr web.de wp.pl yopmail.com zoho.com
    """.split()
)
SUFFIX_LABELS = frozenset(
    """
    ac asn asso biz co com edu gen go gob gouv gov govt gv id idf info k12 lg ltd me mil ne net nhs nom or org plc
    police press priv sch school tm web
    """.split()
)
"""Before an ending of two letters they make a suffix under which anybody registers: co.uk, com.au (publicsuffix.org).
"""
FLAT = frozenset("ch cz de eu li lu nl sk".split())
"""Endings without such suffixes."""
SUFFIXES = frozenset(
    """
    blogspot.com br.com cn.com co.com co.de com.de de.com ddns.net duckdns.org dyndns.org eu.com eu.org firebaseapp.com
    gb.net github.io gitlab.io herokuapp.com jp.net netlify.app no-ip.org pages.dev ru.com sa.com se.net uk.com uk.net
    us.com us.org vercel.app web.app workers.dev za.com
    """.split()
)
RESERVED = frozenset("alt arpa corp example home internal invalid lan local localhost onion test".split())
"""Endings that name nothing on the Internet (RFC 6761, RFC 9476)."""


class NotADomain(Invalid):
    code = "not-a-domain"
    message = _("This is not the domain of an employer: write what stands behind the @ of their addresses.")


class FreeMail(Invalid):
    code = "free-mail"
    message = _("Everybody can have a mailbox there: it proves no employer.")


class PublicSuffix(Invalid):
    code = "public-suffix"
    message = _("Everybody can register a name below this one: it is no employer's own.")


def normal(text: str) -> str:
    """The domain in lower case and A-labels (RFC 5890), however it was typed. Raises `NotADomain`."""
    typed = wording.clean(text).strip().lower().rstrip(".")
    try:
        domain = typed.encode("idna").decode() if not _TWO_WAYS & set(typed) else ""
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > DOMAIN_MAX_CHARACTERS or not all(map(_LABEL.fullmatch, labels)):
        raise NotADomain
    return domain


def check_own(domain: str) -> None:
    """A normal domain that an employer can have for itself. Raises `NotADomain`, `FreeMail`, `PublicSuffix`."""
    labels = domain.split(".")
    if labels[-1].isdigit() or len(labels[-1]) < 2 or labels[-1] in RESERVED:
        raise NotADomain
    above = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    if above & FREE_MAIL or any(name.partition(".")[0] in FREE_BRANDS and _is_registrable(name) for name in above):
        raise FreeMail
    if domain in SUFFIXES or (len(labels) == 2 and _is_suffix(*labels)):
        raise PublicSuffix


def _is_registrable(domain: str) -> bool:
    """gmx.de and yahoo.co.uk, but not gmx.firm.de."""
    labels = domain.split(".")
    return len(labels) == 2 or (len(labels) == 3 and _is_suffix(*labels[1:]))


def _is_suffix(label: str, ending: str) -> bool:
    return len(ending) == 2 and ending not in FLAT and label in SUFFIX_LABELS


def mailbox(address: str) -> tuple[str, str]:
    """The mailbox that a typed address names, as (local part, domain), the same for all its ways of being written.

    Lower case, and without what follows a plus (RFC 5233): most mail servers deliver all of these into one mailbox.
    Raises `NoAddress`.
    """
    local, _at, domain = wording.clean(address).strip().rpartition("@")
    try:
        domain = normal(domain)
        validate_email(f"{local}@{domain}")
    except (NotADomain, ValidationError):
        raise NoAddress from None
    if '"' in local:  # quoted, it may hold an @ of its own
        raise NoAddress
    return local.lower().partition("+")[0] or local.lower(), domain
