"""A worker that stands still in the middle of a night, for a test to kill: `python -m tests.vetting.dying WORDS`.

It claims the jobs of the lane `slow` as any worker does. Once the first statement that holds WORDS was executed, it
says so and waits; nothing of the house knows of it.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import django


def main(words: str) -> None:
    django.setup()
    from django.db import connection

    from foundation import jobs

    def wait(execute: Callable[..., Any], statement: Any, *rest: Any) -> Any:
        answer = execute(statement, *rest)
        if words in str(statement):
            sys.stdout.write("there\n")
            sys.stdout.flush()
            time.sleep(60)
        return answer

    with connection.execute_wrapper(wait):
        jobs.drain("slow")


if __name__ == "__main__":
    main(sys.argv[1])
