#!/usr/bin/env python3
"""A stand-in for dockerd that answers GET /info and GET /containers/json, and does with SIGHUP what no real one can be
made to do. Started as "dockerd", since it is known by its name: exec -a dockerd engine.py SOCKET HOW --config-file FILE

HOW is: takes (the file's list, at once), late (after three seconds), refuses (with an error in its log, as dockerd's),
        dies, other (somebody else writes the file at that moment)
"""
import json, os, signal, socketserver, sys, threading, time
from http.server import BaseHTTPRequestHandler

path, how, file = sys.argv[1], sys.argv[2], sys.argv[sys.argv.index("--config-file") + 1]


def mirrors():
    with open(file, encoding="utf-8") as text:
        return [url.rstrip("/") + "/" for url in json.load(text).get("registry-mirrors", [])]


now = mirrors()


def take():
    global now
    now = mirrors()


def reload(*_):
    if how == "takes":
        take()
    elif how == "late":
        threading.Timer(3, take).start()
    elif how == "refuses":
        print('time="2026-11-25T15:00:00Z" level=info msg="Got signal to reload configuration"', file=sys.stderr)
        print('time="2026-11-25T15:00:00Z" level=error msg="Error reloading configuration" error="not \x1b[31mthis one"',
              file=sys.stderr, flush=True)
    elif how == "dies":
        os._exit(2)
    elif how == "other":
        with open(file, "w", encoding="utf-8") as text:
            text.write('{"debug": true}\n')


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/info":
            body = {"ServerVersion": "28.5.2", "OSType": "linux", "RegistryConfig": {"Mirrors": now}}
        elif self.path == "/containers/json":
            body = [{"Id": "0123456789abcdef", "Names": ["/web"], "Labels": {}}]
        else:
            body = "OK"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def address_string(self):
        return "socket"

    def log_message(self, *_):
        pass


signal.signal(signal.SIGHUP, reload)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


Server(path, Answers).serve_forever()
