#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py PROGRAM PREPARED [RUNS]: what scripts/bench runs. Each row is a ratio to a peer in the same run; only counts
of calls can be compared between machines."""

import json
import secrets
import sys
import tomllib

from measure import Bench, run, timed


def start(bench: Bench) -> None:
    """How long a person waits before anything happens. curl loads the libraries that we load too."""
    bench.alternate("start: --version", [bench.program, "--version"], "curl --version", ["curl", "--version"])
    bench.alternate("start: --version", [bench.program, "--version"], "openssl version", ["openssl", "version"])


def request(bench: Bench) -> None:
    """A key on the device and a request signed by it, beside the tools with which it can be done by hand."""
    ours, peers, our_calls, peer_calls = [], [], [], []
    new = [bench.program, "new", "--type", "commercial", "--yes", "--no-input"]
    for _ in range(bench.runs):
        with bench.device() as device:
            before = device.calls()
            ours.append(timed(new + ["--pin-from", f"file:{device.secret('pin')}"], device.environment))
            our_calls.append(device.calls() - before)
        with bench.device() as device:
            identifier = secrets.token_hex(16)
            (device.folder / "template").write_text('cn = "Žofie Příšerná"\n')
            environment = device.environment | {"GNUTLS_PIN": device.secret("pin").read_text()}
            environment |= {"PIN": environment["GNUTLS_PIN"]}
            before = device.calls()
            key = ["pkcs11-tool", "--module", device.module, "--slot", "0", "--login", "--pin", "env:PIN"]
            key += ["--keypairgen", "--key-type", "rsa:2048", "--usage-sign", "--id", identifier]
            csr = ["certtool", "--generate-request", "--hash", "SHA256", "--template", device.folder / "template"]
            csr += ["--provider", device.module, "--outfile", device.folder / "csr.pem"]
            csr += ["--load-privkey", f"pkcs11:id={percent(identifier)};type=private"]
            csr += ["--load-pubkey", f"pkcs11:id={percent(identifier)};type=public"]
            peers.append(timed(key, environment) + timed(csr, environment))
            peer_calls.append(device.calls() - before)
    by_hand = "pkcs11-tool, then certtool"
    bench.compare("key and request: PKCS#11 calls", "calls", our_calls, by_hand, peer_calls)
    bench.compare("key and request: time (ours also hands it in)", "ms", ours, by_hand, peers)


def percent(identifier: str) -> str:
    """An identifier as a PKCS#11 URI has it."""
    return "".join(f"%{identifier[at:at + 2]}" for at in range(0, len(identifier), 2))


def listing(bench: Bench) -> None:
    """What is on a device."""
    with bench.device() as device:
        ours = [bench.program, "list", "--json"]
        theirs = ["pkcs11-tool", "--module", device.module, "--list-objects", "--type", "cert"]
        counts = []
        for command in (ours, theirs):
            before = device.calls()
            run(command, device.environment)
            counts.append([device.calls() - before])
        peer = "pkcs11-tool --list-objects (one slot)"
        bench.compare("list: PKCS#11 calls", "calls", counts[0], peer, counts[1])
        bench.alternate("list: time", ours, peer, theirs, device.environment)


def status(bench: Bench) -> None:
    """Helpdesk's thousand IDs, beside one bare exchange of the same size."""
    identifiers = [f"BP{number:010d}" for number in range(1_000_000, 1_001_000)]
    with bench.device() as device:
        configuration = tomllib.loads((device.folder / "home/config.toml").read_text())
        ca = configuration["ca"]["demo"]
        listed = device.folder / "ids"
        listed.write_text("\n".join(identifiers) + "\n")
        body = device.folder / "body.json"
        body.write_text(json.dumps({"ids": identifiers}))
        ours = [bench.program, "status", "--json", "--from", listed]
        theirs = ["curl", "-sS", "--fail", "--cacert", ca["anchors"], "-H", "Content-Type: application/json"]
        theirs += ["-o", "/dev/null", "--data-binary", f"@{body}", ca["url"].rstrip("/") + "/v1/requests:status"]
        bench.alternate("status of 1,000 IDs", ours, "curl, one exchange", theirs, device.environment)


def main() -> None:
    program, prepared, *rest = sys.argv[1:]
    bench = Bench(program, prepared, int(rest[0]) if rest else 15)
    for part in (start, request, listing, status):
        part(bench)
    print(bench.table())


if __name__ == "__main__":
    main()
