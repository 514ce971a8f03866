"""Downloads a made-up source into a cache from a slow server on this machine: FOLDER, SECONDS for each block."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = b"a,b\n" + b"1,2\n" * 60_000


class Slow(BaseHTTPRequestHandler):
    """Sends BODY from where it is asked for, block by block."""

    def do_GET(self) -> None:
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(BODY) - start))
        self.end_headers()
        for k in range(start, len(BODY), 1000):
            self.wfile.write(BODY[k : k + 1000])
            time.sleep(float(sys.argv[2]))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    os.environ["ALLEGIANCE_CACHE"] = sys.argv[1]
    from allegiance.evidence.catalogue import find
    from allegiance.evidence.download import fetch
    from allegiance.evidence.source import Remote

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    remote = Remote("a.csv", "https://unreachable.invalid/a.csv", "")
    fetch(replace(find("navco"), key="made-up", remotes=(remote,)), f"http://127.0.0.1:{server.server_address[1]}")
