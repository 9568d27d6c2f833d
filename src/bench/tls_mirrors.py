#!/usr/bin/env python3
"""Stand-ins for mirrors, all held by this one process and one thread, for timing.

Reads one line of JSON from standard input:

    {"port": 15443, "certificates": [{"chain": "a.pem", "key": "key.pem", "addresses": ["127.1.0.1"]}],
     "mirrors": {"127.1.0.1": {"hello": 0.05, "answer": 0.1, "silent": null | "hello" | "answer"}}}

It then listens on the port at every address. "hello" is held before the server's part of the TLS handshake, "answer"
before the answer to each request, both in seconds; a mirror that is silent says nothing from there on. Prints "ready",
and for each further line of input one line of JSON: the answers given since, each as [address, path, seconds really
held, seconds since the start]. Ends with its input.
"""

import heapq
import json
import selectors
import socket
import ssl
import sys
import time
from hashlib import sha256

CONFIG = json.dumps({"architecture": "amd64", "os": "linux"}).encode()
LAYER_SIZE = 1000


def digest_of(content):
    return "sha256:" + sha256(content).hexdigest()


def manifests():
    """An image of one platform, as the paths' ends by what they answer: media type and content."""
    kind = "application/vnd.docker.distribution.manifest."
    image = json.dumps({
        "schemaVersion": 2,
        "mediaType": kind + "v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(CONFIG),
                   "digest": digest_of(CONFIG)},
        "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": LAYER_SIZE,
                    "digest": digest_of(bytes(LAYER_SIZE))}],
    }).encode()
    # Whatever this machine is, its platform is there.
    platforms = [{"mediaType": kind + "v2+json", "size": len(image), "digest": digest_of(image),
                  "platform": {"os": "linux", "architecture": one}}
                 for one in ("amd64", "arm64", "386", "arm", "ppc64le", "riscv64", "s390x")]
    index = json.dumps({"schemaVersion": 2, "mediaType": kind + "list.v2+json", "manifests": platforms}).encode()
    return {"20-alpine": (kind + "list.v2+json", index), digest_of(image): (kind + "v2+json", image)}


MANIFESTS = manifests()


def answer(method, path):
    path = path.partition("?")[0]
    if path == "/v2/":
        status, kind, body = "200 OK", "application/json", b"{}"
    else:
        kind, body = MANIFESTS.get(path.rpartition("/")[2], (None, b""))
        status = "200 OK" if kind else "404 Not Found"
        kind = kind or "text/plain"
    head = (f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            "Docker-Distribution-Api-Version: registry/2.0\r\n")
    if body and path != "/v2/":
        head += f"Docker-Content-Digest: {digest_of(body)}\r\n"
    return head.encode() + b"\r\n" + (b"" if method == "HEAD" else body)


class Client:
    """A connection that somebody made to one of the mirrors."""

    def __init__(self, server, raw, address, mirror, tls):
        self.server, self.socket, self.address, self.mirror, self.tls = server, raw, address, mirror, tls
        self.received = b""
        if mirror["silent"] == "hello":
            server.silent.append(self)
        else:
            server.at(server.now() + mirror["hello"], self.shake_hands)

    def shake_hands(self):
        self.socket = self.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.continue_handshake()

    def continue_handshake(self):
        try:
            self.socket.do_handshake()
        except ssl.SSLWantReadError:
            self.server.watch(self.socket, self.continue_handshake)
        except OSError:
            self.close()
        else:
            self.server.watch(self.socket, self.read)
            self.read()

    def read(self):
        try:
            received = self.socket.recv(16384)
        except ssl.SSLWantReadError:
            return
        except OSError:
            received = b""
        if not received:
            self.close()
            return
        self.received += received
        if b"\r\n\r\n" in self.received and self.mirror["silent"] is None:
            asked = self.server.woken
            method, path = self.received.split(b" ", 2)[:2]
            self.received = b""
            self.server.at(asked + self.mirror["answer"],
                           lambda: self.write(asked, method.decode(), path.decode()))

    def write(self, asked, method, path):
        now = self.server.now()
        try:
            self.socket.sendall(answer(method, path))
        except OSError:
            # Gone, by now or long ago.
            self.close()
        else:
            self.server.answers.append([self.address, path, now - asked, now - self.server.start])

    def close(self):
        if self.socket.fileno() >= 0:
            self.server.forget(self.socket)
            self.socket.close()


class Server:
    now = staticmethod(time.monotonic)

    def __init__(self, spec):
        self.start = self.now()
        # When something was last found to have arrived. What waits for others of this one thread from then on is held too.
        self.woken = self.start
        self.mirrors = spec["mirrors"]
        self.answers = []
        self.timers = []
        # Whose connections stay open although nothing happens to them any more.
        self.silent = []
        self.selector = selectors.DefaultSelector()
        self.contexts = {}
        for certificate in spec["certificates"]:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate["chain"], certificate["key"])
            self.contexts.update(dict.fromkeys(certificate["addresses"], context))
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("0.0.0.0", spec["port"]))
        listening.listen(4096)
        listening.setblocking(False)
        self.watch(listening, lambda: self.accept(listening))

    def at(self, when, what):
        heapq.heappush(self.timers, (when, id(what), what))

    def watch(self, what, then):
        try:
            self.selector.modify(what, selectors.EVENT_READ, then)
        except KeyError:
            self.selector.register(what, selectors.EVENT_READ, then)

    def forget(self, what):
        try:
            self.selector.unregister(what)
        except KeyError:
            pass

    def accept(self, listening):
        while True:
            try:
                raw, _ = listening.accept()
            except BlockingIOError:
                return
            raw.setblocking(False)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            address = raw.getsockname()[0]
            Client(self, raw, address, self.mirrors[address], self.contexts[address])

    def report(self):
        if not sys.stdin.readline():
            sys.exit()
        print(json.dumps(self.answers), flush=True)
        self.answers = []

    def run(self):
        self.watch(sys.stdin, self.report)
        print("ready", flush=True)
        while True:
            wait = max(0, self.timers[0][0] - self.now()) if self.timers else None
            ready = self.selector.select(wait)
            self.woken = self.now()
            for key, _ in ready:
                key.data()
            while self.timers and self.timers[0][0] <= self.now():
                heapq.heappop(self.timers)[2]()


if __name__ == "__main__":
    Server(json.loads(sys.stdin.readline())).run()
