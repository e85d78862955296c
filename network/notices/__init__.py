"""Letters that a member may want: each fact worth telling is a row, each sort has a switch, and none says more than
that there is something to see.

The lowest wing: it knows members and mail, and no request, message or case. Each wing brings its own facts
(`facts.register`) and says when one has come true (`telling.tell`), in the same transaction.

    facts.register(what, Fact(…))          how a fact is worded, and where it is found as long as it matters
    telling.tell(member, what, ref)        the member is to hear of it, in the way they chose
    telling.seen(member, *what)            they have seen it here: no letter any more
    wishes.choose(member, …), .stop(…)     the switches, and when the digest comes
    unsubscribing.…                        one click in a letter, without signing in (RFC 8058)
"""
