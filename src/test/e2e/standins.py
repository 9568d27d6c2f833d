"""Mirrors on 127.0.0.1 that hold one image, and what may be wrong with them."""

import hashlib
import http.server
import json
import threading
import time

CONFIG = json.dumps({"architecture": "amd64", "os": "linux"}).encode()
LAYER = bytes(i * 7 & 255 for i in range(65536)) * 32
# Longer than anybody waits.
SILENT_SECONDS = 60


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


MANIFEST = json.dumps({
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(CONFIG), "digest": digest(CONFIG)},
    "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": len(LAYER), "digest": digest(LAYER)}],
}).encode()
BLOBS = {digest(LAYER): LAYER, digest(CONFIG): CONFIG}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        mirror = self.server
        path = self.path.split("?")[0]
        time.sleep(mirror.delay)
        if mirror.fault == "silent":
            time.sleep(SILENT_SECONDS)
        elif path == "/v2/":
            self.answer(200, "application/json", b"{}")
        elif mirror.fault == "refuses":
            body = json.dumps({"errors": [{"code": "DENIED", "message": mirror.words}]}).encode()
            self.answer(403, "application/json", body)
        elif mirror.fault == "lacks":
            self.answer(404, "application/json", b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')
        elif mirror.fault == "page":
            self.answer(200, "text/html", b"<!DOCTYPE html><title>Welcome</title>")
        elif "/manifests/" in path:
            self.answer(200, "application/vnd.oci.image.manifest.v1+json", MANIFEST)
        else:
            self.answer(200, "application/octet-stream", BLOBS[path.rsplit("/", 1)[1]])

    do_HEAD = do_GET

    def answer(self, status, media_type, body):
        try:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Docker-Content-Digest", digest(body))
            self.end_headers()
            if self.command == "GET":
                self.write(body)
        except OSError:
            pass  # A sample ends where it has seen enough, and so does a deadline.

    def write(self, body):
        rate = self.server.rate
        step = rate // 50 if rate else len(body)
        for start in range(0, len(body), max(1, step)):
            self.wfile.write(body[start:start + step])
            if rate:
                time.sleep(0.02)

    def log_message(self, *args):
        pass


def start(fault="", words="no", delay=0.0, rate=0, port=0):
    """Starts one and gives its address.

    fault: empty, "silent", "refuses" with these words, "lacks" the image, or "page" for a web page
    delay: of every answer, in seconds
    rate: bytes per second; 0 for as fast as it goes
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.fault, server.words, server.delay, server.rate = fault, words, delay, rate
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
