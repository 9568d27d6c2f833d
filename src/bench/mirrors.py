"""The process with the stand-ins for mirrors, their certificates, and what is run against them."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Mirrors that share a certificate: what one is sent stays of an ordinary size, and making them stays quick.
ADDRESSES_PER_CERTIFICATE = 20
LONGEST_MAKING = 180


class Mirrors:
    """A server process with mirrors, and how they behave by address."""

    def __init__(self, folder, port, behaviours):
        self.port = port
        self.behaviours = behaviours
        spec = {"port": port, "certificates": certificates(folder, sorted(behaviours)), "mirrors": behaviours}
        self.process = subprocess.Popen([sys.executable, HERE / "tls_mirrors.py"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.tell(json.dumps(spec))
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit("the mirrors did not start")

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answers(self):
        """What was answered since this was last asked."""
        self.tell("report")
        return json.loads(self.process.stdout.readline())

    def urls(self):
        """Where a connection is refused, nobody listens at the port."""
        return {address: f"https://{address}:{self.port + (behaviour['silent'] == 'connect')}"
                for address, behaviour in self.behaviours.items()}

    def answering(self):
        return {address for address, behaviour in self.behaviours.items() if behaviour["silent"] is None}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def authority(folder):
    """A root and an intermediate one, as public mirrors have them."""
    for name in ("root", "intermediate", "leaf"):
        openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        openssl(folder, "req", "-new", "-key", f"{name}.key", "-subj", f"/CN=bench {name}", "-out", f"{name}.csr")
    (folder / "authority.ext").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
    signed = ["x509", "-req", "-days", "30", "-CAcreateserial"]
    openssl(folder, "x509", "-req", "-days", "30", "-in", "root.csr", "-signkey", "root.key", "-extfile",
            "authority.ext", "-out", "root.pem")
    openssl(folder, *signed, "-in", "intermediate.csr", "-CA", "root.pem", "-CAkey", "root.key", "-extfile",
            "authority.ext", "-out", "intermediate.pem")


def certificates(folder, addresses):
    made = []
    for start in range(0, len(addresses), ADDRESSES_PER_CERTIFICATE):
        served = addresses[start:start + ADDRESSES_PER_CERTIFICATE]
        names = ",".join("IP:" + address for address in served)
        (folder / "leaf.ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
        openssl(folder, "x509", "-req", "-days", "30", "-in", "leaf.csr", "-CA", "intermediate.pem", "-CAkey",
                "intermediate.key", "-CAcreateserial", "-extfile", "leaf.ext", "-out", "leaf.pem")
        chain = folder / f"chain-{start}.pem"
        chain.write_text((folder / "leaf.pem").read_text() + (folder / "intermediate.pem").read_text())
        made.append({"chain": str(chain), "key": str(folder / "leaf.key"), "addresses": served})
    return made


def run(command, folder, environment=None):
    """Output, exit code, seconds by the clock, seconds of processor time, and the most memory in MB."""
    output = folder / "output"
    with open(output, "wb") as stdout, open(folder / "errors", "wb") as stderr:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, stdin=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return (output.read_text(), process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def make_archive(command, folder, environment, kind):
    """Runs the command until its archive is there; a bundle brings its own, and makes none."""
    run(command, folder, environment)
    cache = Path(environment["MIRRORCTL_CACHE"])
    end = time.monotonic() + LONGEST_MAKING
    while cache.is_dir() and (not list(cache.glob(f"{kind}-*.jsa")) or list(cache.glob("fresh.*"))):
        if time.monotonic() > end:
            raise SystemExit(f"no archive was made for {kind} commands")
        time.sleep(0.2)
