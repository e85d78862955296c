"""Who you are: sign-in, member, entries, and the bare facts between two members."""

from accounts.models.entries import Alias, Entry, EntryChange, EntryKind, Merge, Organisation, Unit
from accounts.models.exports import Export
from accounts.models.people import (
    Account,
    Door,
    DoorLevel,
    Elsewhere,
    FactorSecret,
    Followers,
    Home,
    HouseKey,
    Key,
    Lookup,
    Member,
    Visibility,
)
from accounts.models.sign_in import AddressChange, RestingHandle
from accounts.models.ties import Block, LastMet, Tie
from accounts.models.tokens import Scope, Token

__all__ = [
    "Account",
    "AddressChange",
    "Alias",
    "Block",
    "Door",
    "DoorLevel",
    "Elsewhere",
    "Entry",
    "EntryChange",
    "EntryKind",
    "Export",
    "FactorSecret",
    "Followers",
    "Home",
    "HouseKey",
    "Key",
    "LastMet",
    "Lookup",
    "Member",
    "Merge",
    "Organisation",
    "RestingHandle",
    "Scope",
    "Tie",
    "Token",
    "Unit",
    "Visibility",
]
