"""`python -m tests.federation.towns.clerk`: does deeds in the town whose settings it was started with.

One JSON line an order, `{"deed": …, "words": {…}}`; one JSON line an answer.
"""

import json
import os
import sys
import traceback

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    django.setup()
    from django.db import connection

    from foundation.refusals import Refusal
    from tests.federation.towns import contract, deeds, post, word

    known = {
        name: deed
        for room in (contract, post, word, deeds)
        for name, deed in vars(room).items()
        if getattr(deed, "__module__", "") == room.__name__
    }
    for line in sys.stdin:
        order = json.loads(line)
        try:
            said = {"answer": known[order["deed"]](**order["words"])}
        except Refusal as refusal:
            said = {"answer": f"refused: {refusal.code}"}
        except Exception:
            said = {"error": traceback.format_exc()}
        connection.close()  # the town's database may be dropped while we wait
        sys.stdout.write(json.dumps(said, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
