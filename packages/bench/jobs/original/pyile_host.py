"""A host of pyile-protocol that counts the chat it hears."""

import socket
import sys
import threading
import time

from pyile_protocol.lib.messenger.Messenger import Messenger
from pyile_protocol.lib.peers.AuthPeer import AuthPeer

from tally import Tally, obey

tally = Tally()


class CountingMessenger(Messenger):
    def add_message(self, message):
        super().add_message(message)
        tally.add()


def make():
    """Its ports are random, and the constructor fails when one is taken."""
    for _ in range(20):
        try:
            return AuthPeer(address=("127.0.0.1", 0), password_attempts=3, password=sys.argv[1],
                            messenger=CountingMessenger(), alias="host")
        except OSError as error:
            failure = error
    raise failure


peer = make()
for target in (peer.authenticate_peers, peer.connect):
    threading.Thread(target=target, daemon=True).start()
sockets = (peer.auth_socket, peer.dist_socket, peer.peer_socket)
while not all(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for each in sockets):
    time.sleep(0.001)
obey({"more": tally.more}, peer.auth_socket.getsockname()[1], peer.peer_address[1])
