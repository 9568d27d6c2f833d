#!/usr/bin/env python3
"""registry.py UPSTREAM LOG NAME=PORT:FAULT...: mirrors on 127.0.0.1, most of them broken, before one real registry.

Each request is a JSON line in LOG. Prints "ready" when all of them listen. The faults:

  none           answers like the registry
  late           the same, 300 ms later
  refuse         nobody listens
  hang-ping      /v2/ is never answered
  hang-manifest  a manifest is never answered
  forbidden      403 to everything
  error          500 to everything
  page           a web page instead of everything
  away           a redirect of everything to a web page on another port
  nowhere        a redirect of everything to a host that does not exist
  stale          an older image behind the tag
"""

import http.client
import http.server
import json
import socket
import sys
import threading
import time
import urllib.parse

PAGE = b"<!DOCTYPE html><html><title>Welcome</title><body>Nothing to pull here.</body></html>\n"
FORWARDED = ("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version", "Etag", "Content-Range")
LATE_SECONDS = 0.3


class Mirror(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name, port, fault, upstream, log):
        super().__init__(("127.0.0.1", port), Handler)
        self.name, self.fault, self.upstream, self.log = name, fault, upstream, log
        self.site = f"http://127.0.0.1:{port + 1000}/welcome"


class Log:
    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")
        self.lock = threading.Lock()

    def write(self, **entry):
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body would otherwise wait for each other's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        fault = self.server.fault
        manifest = "/manifests/" in self.path
        if fault == "late":
            time.sleep(LATE_SECONDS)
        if (fault == "hang-ping" and self.path == "/v2/") or (fault == "hang-manifest" and manifest):
            self.note(None)
            time.sleep(3600)
        elif fault == "forbidden":
            self.answer(403, {"Content-Type": "text/plain"}, b"Not from your network.\n")
        elif fault == "error":
            self.answer(500, {"Content-Type": "text/plain"}, b"Something broke.\n")
        elif fault == "page":
            self.answer(200, {"Content-Type": "text/html; charset=utf-8"}, PAGE)
        elif fault == "away":
            self.answer(302, {"Location": self.server.site}, b"")
        elif fault == "nowhere":
            self.answer(302, {"Location": "http://elsewhere.invalid/"}, b"")
        elif fault == "stale":
            self.forward(self.path.replace("/manifests/20-alpine", "/manifests/20-alpine-stale"))
        else:
            self.forward(self.path)

    do_HEAD = do_GET

    def forward(self, path):
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=30)
        headers = [(name, value) for name, value in self.headers.items() if name.lower() in ("accept", "range")]
        try:
            upstream.putrequest(self.command, path)
            for name, value in headers:
                upstream.putheader(name, value)
            upstream.endheaders()
            response = upstream.getresponse()
            body = response.read()
            kept = {name: response.headers[name] for name in FORWARDED if name in response.headers}
            self.answer(response.status, kept, body, response.headers.get("Content-Length"))
        finally:
            upstream.close()

    def answer(self, status, headers, body, length=None):
        self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def note(self, status):
        self.server.log.write(mirror=self.server.name, method=self.command, path=self.path, status=status)

    def log_message(self, *_):
        pass


def main():
    upstream = urllib.parse.urlsplit(sys.argv[1]).netloc
    log = Log(sys.argv[2])
    reserved = []
    for argument in sys.argv[3:]:
        name, _, rest = argument.partition("=")
        port, _, fault = rest.partition(":")
        if fault == "refuse":
            # Bound but not listening: the port is taken and every connection to it is refused.
            taken = socket.socket()
            taken.bind(("127.0.0.1", int(port)))
            reserved.append(taken)
        else:
            mirror = Mirror(name, int(port), fault, upstream, log)
            threading.Thread(target=mirror.serve_forever, daemon=True).start()
            if fault == "away":
                site = Mirror(f"{name}'s site", int(port) + 1000, "page", upstream, log)
                threading.Thread(target=site.serve_forever, daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


main()
