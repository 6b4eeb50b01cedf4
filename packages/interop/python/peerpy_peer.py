"""A peer of peerpy, driven by JSON lines. Values are Python expressions, as JSON has no bytes, tuples and sets."""

import hashlib

from lines import obey, tell
from peerpy import Peer

peer = None


def shown(value):
    """A value as Python writes it; where that is long, its type, size and SHA-256."""
    text = repr(value)
    if len(text) < 4000:
        return text
    contents = value if isinstance(value, bytes) else str(value).encode("utf-8")
    return "{} {} {}".format(type(value).__name__, len(contents), hashlib.sha256(contents).hexdigest())


def value_of(text):
    return eval(text, {"inf": float("inf"), "nan": float("nan")})


def described(connection):
    return {
        "peer": connection.target_name,
        "type": connection.data_type,
        "strict": connection.strict,
        "stream": connection.stream,
    }


def connected(_, connection):
    connection.set_handler("data", lambda at, value: tell("data", {"peer": at.target_name, "value": shown(value)}))
    connection.set_handler("close", lambda at: tell("close", {"peer": at.target_name}))
    tell("connection", described(connection))


def start(address, timeout, limit, visible, wanted):
    global peer

    def offered(_, connection):
        tell("offer", described(connection))
        return wanted

    peer = Peer(address, 0, timeout=timeout, max_connections=limit, invisible=not visible, handlers={
        "listen": lambda _: tell("listen", {}),
        "offer": offered,
        "connection": connected,
        "stop": lambda _: tell("stop", {}),
    })
    peer.start()
    return peer.address_name


def connect(to, type, strict, stream):
    """True when there is a connection."""
    options = {"stream": True} if stream else {}
    return peer.connect(to, data_type=type, strict=strict, **options) is not False


def send(to, value):
    return peer.connections[to].send(value_of(value))


def close(to, force):
    peer.connections[to].close(force=force)


obey({
    "start": start,
    "connect": connect,
    "send": send,
    "broadcast": lambda value: peer.broadcast(value_of(value)),
    "close": close,
    "discover": lambda: peer.get_local_peers(),
    "stop": lambda: peer.stop(),
})
