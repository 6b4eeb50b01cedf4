"""A peer of peerpy: takes json values and counts them, or, given a port, connects there and sends some."""

import sys

from peerpy import Peer

from tally import Tally, obey

tally = Tally()
note = {"from": "alice", "urgent": False, "text": "what we say to each other"}
names = sys.argv[1:]


def connected(_, connection):
    connection.set_handler("data", lambda at, value: tally.add(value["text"] == note["text"]))


peer = Peer("127.0.0.1", 0, invisible=True, handlers={
    "listen": lambda _: None,
    "offer": lambda *_: True,
    "connection": connected,
    "stop": lambda _: None,
})
peer.start()
if names:
    connection = peer.connect(names[0], data_type="json")
number = 0


def send(count):
    global number
    for _ in range(count):
        connection.send(dict(note, number=number))
        number += 1


obey({"more": tally.more, "send": send}, peer.address_name.split(":")[1])
