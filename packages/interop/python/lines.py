"""How a driver is spoken with: JSON lines, commands on standard input, answers and events on standard output.

    {"id": 1, "do": "join", ...}   -->
                                   <--  {"event": "answer", "id": 1, "value": ...}      or "error": "TimeoutError: ..."
                                   <--  {"event": "message", ...}                       whenever something happens
"""

import json
import os
import sys
import threading

_turn = threading.Lock()


def tell(event, fields):
    """Says that something happened. Any thread may call it."""
    line = json.dumps(dict(fields, event=event)) + "\n"
    with _turn:
        sys.stdout.write(line)
        sys.stdout.flush()


def _died(fallen):
    tell("died", {"error": "{}: {}".format(fallen.exc_type.__name__, fallen.exc_value)})


def obey(verbs):
    """Does what each line asks for, one after the other. Ends the process with standard input, whatever still runs."""
    threading.excepthook = _died
    for line in sys.stdin:
        asked = json.loads(line)
        number, verb = asked.pop("id"), verbs[asked.pop("do")]
        try:
            tell("answer", {"id": number, "value": verb(**asked)})
        except Exception as error:
            tell("answer", {"id": number, "error": "{}: {}".format(type(error).__name__, error)})
    os._exit(0)
