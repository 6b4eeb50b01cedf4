"""A UDP socket, driven by JSON lines: says any bytes, and tells what comes."""

import socket
import threading

from lines import obey, tell

ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def hear():
    while True:
        heard, sender = ear.recvfrom(2048)
        tell("datagram", {"text": heard.decode("utf-8"), "from": "{}:{}".format(*sender)})


def open_at(ip, port):
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    ear.bind((ip, port))
    threading.Thread(target=hear, daemon=True).start()
    return ear.getsockname()[1]


def say(ip, port, text):
    ear.sendto(text.encode("utf-8"), (ip, port))


obey({"open": open_at, "say": say})
