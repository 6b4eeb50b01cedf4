"""Counts what comes, and answers lines: "more N" is answered when N more have come than all lines asked for."""

import os
import sys
import threading


class Tally:
    def __init__(self):
        self.counted = 0
        self.wanted = 0
        self.changed = threading.Condition()

    def add(self, count=1):
        with self.changed:
            self.counted += count
            if self.counted >= self.wanted:
                self.changed.notify_all()

    def more(self, count):
        with self.changed:
            self.wanted += count
            self.changed.wait_for(lambda: self.counted >= self.wanted)


def obey(verbs, *ready):
    """Does what each line asks for. Ends the process with standard input, whatever still runs."""
    told, sys.stdout = sys.stdout, open(os.devnull, "w")
    print(*ready, file=told, flush=True)
    for line in sys.stdin:
        verb, number = line.split()
        verbs[verb](int(number))
        print("done", file=told, flush=True)
    os._exit(0)
