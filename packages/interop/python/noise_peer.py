"""A Noise peer on noiseprotocol. Hexadecimal lines come in, JSON lines go out.

    noise_peer.py live ROLE SUITE PROLOGUE INTERVAL
        <--  {"event": "message", "hex": ...}      a handshake message, or a record
    HEX -->                                        the other's; each record is sent back, sealed anew
        <--  {"event": "established", "hash": ...}

    noise_peer.py vectors SUITE PROLOGUE INTERVAL INITIATOR EPHEMERAL RESPONDER EPHEMERAL LENGTH...
        <--  {"event": "vectors", ...}             a whole session with these secrets
"""

import os
import sys

from lines import tell
from noise.connection import Keypair, NoiseConnection


class Peer:
    """One end, which changes its keys after each interval of records."""

    def __init__(self, role, suite, prologue, interval, secret, ephemeral=None):
        self.noise = NoiseConnection.from_name(f"Noise_XX_25519_{suite}_SHA256".encode())
        self.noise.set_prologue(prologue)
        if role == "initiator":
            self.noise.set_as_initiator()
        else:
            self.noise.set_as_responder()
        self.noise.set_keypair_from_private_bytes(Keypair.STATIC, secret)
        if ephemeral is not None:
            self.noise.set_keypair_from_private_bytes(Keypair.EPHEMERAL, ephemeral)
        self.noise.start_handshake()
        self.interval, self.sent, self.received = interval, 0, 0

    def write(self):
        return bytes(self.noise.write_message())

    def read(self, message):
        assert self.noise.read_message(message) == b""

    def hash(self):
        return self.noise.get_handshake_hash().hex()

    def seal(self, plain):
        sealed = self.noise.encrypt(plain)
        self.sent += 1
        if self.sent % self.interval == 0:
            self.noise.rekey_outbound_cipher()
        return bytes(sealed)

    def open(self, sealed):
        plain = self.noise.decrypt(sealed)
        self.received += 1
        if self.received % self.interval == 0:
            self.noise.rekey_inbound_cipher()
        return bytes(plain)


def live(role, suite, prologue, interval):
    peer = Peer(role, suite, bytes.fromhex(prologue), int(interval), os.urandom(32))
    lines = (bytes.fromhex(line.strip()) for line in sys.stdin)
    is_writing = role == "initiator"
    for _ in range(3):
        if is_writing:
            tell("message", {"hex": peer.write().hex()})
        else:
            peer.read(next(lines))
        is_writing = not is_writing
    tell("established", {"hash": peer.hash()})
    for sealed in lines:
        tell("message", {"hex": peer.seal(peer.open(sealed)).hex()})


def vectors(suite, prologue, interval, *arguments):
    secrets = [bytes.fromhex(text) for text in arguments[:4]]
    ends = [
        Peer(role, suite, bytes.fromhex(prologue), int(interval), *secrets[at:at + 2])
        for at, role in ((0, "initiator"), (2, "responder"))
    ]
    messages = []
    for number in range(3):
        messages.append(ends[number % 2].write())
        ends[1 - number % 2].read(messages[-1])
    assert ends[0].hash() == ends[1].hash()
    records = []
    for number, length in enumerate(arguments[4:]):
        plain = bytes((number + at) % 256 for at in range(int(length)))
        records.append(ends[number % 2].seal(plain))
        assert ends[1 - number % 2].open(records[-1]) == plain
    tell("vectors", {
        "messages": [message.hex() for message in messages],
        "hash": ends[0].hash(),
        "records": [record.hex() for record in records],
    })


{"live": live, "vectors": vectors}[sys.argv[1]](*sys.argv[2:])
