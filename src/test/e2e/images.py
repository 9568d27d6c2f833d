#!/usr/bin/env python3
"""images.py REGISTRY: pushes a small library/node into a registry, the same bytes every time.

The tag 20-alpine is an index for amd64 and arm64 like the real one; 20-alpine-stale is an older build of it.
"""

import gzip
import hashlib
import io
import json
import random
import sys
import tarfile
import urllib.parse
import urllib.request

REPOSITORY = "library/node"
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
LAYER_SIZES = (60_000, 120_000)

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(method, url, body=None, content_type=None):
    request = urllib.request.Request(url, data=body, method=method)
    if content_type:
        request.add_header("Content-Type", content_type)
    return opener.open(request, timeout=30)


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def layer(seed, size):
    """Returns a tar with one file of random bytes, and the same compressed."""
    entry = tarfile.TarInfo(seed)
    entry.size = size
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(entry, io.BytesIO(random.Random(seed).randbytes(size)))
    return tar.getvalue(), gzip.compress(tar.getvalue(), mtime=0)


class Pusher:
    def __init__(self, registry):
        self.base = f"{registry.rstrip('/')}/v2/{REPOSITORY}"

    def blob(self, content, media_type):
        start = send("POST", f"{self.base}/blobs/uploads/", b"")
        location = urllib.parse.urljoin(start.url, start.headers["Location"])
        joiner = "&" if "?" in location else "?"
        send("PUT", f"{location}{joiner}digest={digest(content)}", content, "application/octet-stream")
        return {"mediaType": media_type, "size": len(content), "digest": digest(content)}

    def manifest(self, name, document, media_type):
        content = json.dumps(document).encode()
        send("PUT", f"{self.base}/manifests/{name or digest(content)}", content, media_type)
        return {"mediaType": media_type, "size": len(content), "digest": digest(content)}

    def platform(self, build, architecture):
        layers = [layer(f"{build}-{architecture}-{size}", size) for size in LAYER_SIZES]
        config = {
            "architecture": architecture,
            "os": "linux",
            "created": "2026-01-01T00:00:00Z",
            "config": {"Cmd": ["node"]},
            "rootfs": {"type": "layers", "diff_ids": [digest(tar) for tar, _ in layers]},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": build} for _ in layers],
        }
        document = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.blob(json.dumps(config).encode(), CONFIG),
            "layers": [self.blob(compressed, LAYER) for _, compressed in layers],
        }
        pushed = self.manifest(None, document, MANIFEST)
        return pushed | {"platform": {"architecture": architecture, "os": "linux"}}

    def index(self, tag, build):
        entries = [self.platform(build, architecture) for architecture in ("amd64", "arm64")]
        document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
        return self.manifest(tag, document, INDEX)["digest"]


def main():
    pusher = Pusher(sys.argv[1])
    for tag, build in (("20-alpine", "new"), ("20-alpine-stale", "old")):
        print(tag, pusher.index(tag, build))


main()
