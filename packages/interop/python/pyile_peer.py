"""Peers of pyile-protocol, hosts and joiners, driven by JSON lines. Each is known by its alias."""

import socket
import threading
import time

from lines import obey, tell
from pyile_protocol.lib.messenger.Messenger import Messenger
from pyile_protocol.lib.peers.AuthPeer import AuthPeer
from pyile_protocol.lib.peers.JoinPeer import JoinPeer

peers = {}


def name(address):
    return "{}:{}".format(*address) if isinstance(address, (list, tuple)) else address


def address(text):
    host, port = text.split(":")
    return host, int(port)


class TellingMessenger(Messenger):
    """A messenger that tells what it is given."""

    def __init__(self, at):
        super().__init__()
        self.at = at

    def add_message(self, message):
        super().add_message(message)
        tell("message", {
            "at": self.at,
            "own": "self" in message,
            "from": name(message["from"]),
            "to": name(message["to"]),
            "alias": message["alias"],
            "data": message["data"],
        })

    def add_info(self, message):
        super().add_info(message)
        tell("log", {"at": self.at, "level": "INFO", "text": str(message)})

    def add_warning(self, message):
        super().add_warning(message)
        tell("log", {"at": self.at, "level": "WARNING", "text": str(message)})

    def add_error(self, message):
        super().add_error(message)
        tell("log", {"at": self.at, "level": "ERROR", "text": str(message)})


def construct(make):
    """Their ports are random, and a constructor fails when one is taken."""
    for _ in range(20):
        try:
            return make()
        except OSError as error:
            failure = error
    raise failure


def start(target):
    threading.Thread(target=target, daemon=True).start()


def until_listening(*sockets):
    """Their threads begin to listen a moment after they were started."""
    while not all(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for each in sockets):
        time.sleep(0.001)


def host(alias, ip, password, attempts):
    peer = construct(lambda: AuthPeer(
        address=(ip, 0), password_attempts=attempts, password=password, messenger=TellingMessenger(alias), alias=alias
    ))
    peers[alias] = peer
    start(peer.authenticate_peers)
    start(peer.connect)
    until_listening(peer.auth_socket, peer.dist_socket, peer.peer_socket)
    return {"auth": name(peer.auth_socket.getsockname()), "self": name(peer.peer_address)}


def join(alias, ip, to, password):
    peer = construct(lambda: JoinPeer(address=(ip, 0), messenger=TellingMessenger(alias), alias=alias))
    peers[alias] = peer
    authenticated = peer.get_authenticated(address(to), password)
    if authenticated:
        start(peer.connect)
        until_listening(peer.peer_socket)
    return {"authenticated": authenticated, "self": name(peer.peer_address)}


def send(alias, to, data):
    peers[alias].send(address(to), data, address(to))


def broadcast(alias, data):
    peers[alias].broadcast(data)


def leave(alias):
    peers[alias].leave()


def watch():
    """The originals have no events for who is there and whether they are in it themselves."""
    known = {}
    gone = set()
    while True:
        for alias, peer in list(peers.items()):
            listed = [name(other) for other in list(peer.peers)]
            if known.get(alias) != listed:
                known[alias] = listed
                tell("peers", {"at": alias, "peers": listed})
            if peer.disconnected and alias not in gone:
                gone.add(alias)
                tell("left", {"at": alias})
        time.sleep(0.02)


start(watch)
obey({"host": host, "join": join, "send": send, "broadcast": broadcast, "leave": leave})
