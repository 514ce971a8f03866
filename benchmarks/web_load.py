"""How fast the web page answers: one visitor's lever moves, ten visitors at once, memory over many what-ifs.

Start `allegiance serve --no-open` first, then:

    python benchmarks/web_load.py http://127.0.0.1:8765/ --moves 20 --users 10 --seconds 60 --many 200

Each visitor is a WebSocket client that speaks what a browser would. A move is answered when the first table of
differences arrives that belongs to it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
import urllib.request
from pathlib import Path

import websockets

PATHS = ("supply", "punishment", "monitoring", "inducement", "coup_proofing.blocking")


class Visitor:
    """One browser at the what-if page."""

    def __init__(self, address: str, case: str, side: str) -> None:
        self.address, self.case, self.side = address, case, side
        self.count = 0

    async def __aenter__(self) -> Visitor:
        place = self.address.replace("http://", "ws://") + "websocket/"
        origin = self.address.rstrip("/")
        self.socket = await websockets.connect(place, origin=origin, max_size=None, open_timeout=30)
        search = f"?page=whatif&case={self.case}"
        await self.socket.send(json.dumps({"method": "init", "data": {".clientdata_url_search": search}}))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def heard(self, values: dict[str, float], seconds: float = 300.0) -> int:
        """Wait for an answer to the levers as they stand; the pairs of wars it rests on."""
        async with asyncio.timeout(seconds):
            while True:
                said = json.loads(await self.socket.recv()).get("custom", {}).get("curves")
                if said and said["values"] == values:
                    return int(said["pairs"])

    async def move(self, path: str, value: float) -> float:
        """Move a lever; seconds until the first answer that belongs to it, with differences and intervals."""
        self.count += 1
        values = {f"sides.{self.side}.{path}": value}
        moved = {"count": self.count, "value": json.dumps(values)}
        start = time.perf_counter()
        await self.socket.send(json.dumps({"method": "update", "data": {"levers": moved}}))
        await self.heard(values)
        return time.perf_counter() - start


def place(rng: random.Random) -> float:
    """Somewhere on a slider, always half a step off, so that it is never where the case has it."""
    return rng.randrange(100) / 100 + 0.005


def told(name: str, seconds: list[float]) -> None:
    """Print median, 95 % quantile and worst."""
    ranked = sorted(seconds)
    late = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    middle = statistics.median(ranked)
    print(f"{name}: n {len(ranked)}, median {middle:.2f} s, 95 % {late:.2f} s, worst {ranked[-1]:.2f} s")


def memory(pid: int) -> dict[str, float]:
    """Resident megabytes of the server and its worker (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = {}
    for p in [str(pid), *children]:
        pages = int(Path(f"/proc/{p}/statm").read_text().split()[1])
        name = "worker" if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes() else "server"
        if p == str(pid) or name == "worker":
            found[name] = pages * 4096 / 1e6
    return found


async def alone(address: str, moves: int) -> None:
    """One visitor at the flagship."""
    rng = random.Random(1)
    async with Visitor(address, "russia-ukraine-2022", "russia") as visitor:
        await visitor.heard({})
        told(
            "one visitor, first answer",
            [await visitor.move(rng.choice(PATHS), place(rng)) for _ in range(moves)],
        )


async def together(address: str, users: int, seconds: float) -> None:
    """Several visitors, each moving a lever every few seconds; and how long a page takes meanwhile."""
    answers: list[float] = []
    pages: list[float] = []
    stop = time.monotonic() + seconds

    async def one(k: int) -> None:
        rng = random.Random(k)
        async with Visitor(address, "russia-ukraine-2022", "russia") as visitor:
            await visitor.heard({})
            while time.monotonic() < stop:
                answers.append(await visitor.move(rng.choice(PATHS), place(rng)))
                await asyncio.sleep(3 + 4 * rng.random())

    async def look() -> None:
        while time.monotonic() < stop:
            start = time.perf_counter()
            for query in ("?page=cases", "?page=claims", "?page=yours"):
                await asyncio.to_thread(lambda q=query: urllib.request.urlopen(address + q).read())
            pages.append((time.perf_counter() - start) / 3)
            await asyncio.sleep(1)

    await asyncio.gather(look(), *(one(k) for k in range(users)))
    told(f"{users} visitors, first answer", answers)
    told(f"{users} visitors, another page meanwhile", pages)


async def many(address: str, moves: int, pid: int) -> None:
    """Memory while one visitor asks again and again."""
    rng = random.Random(2)
    async with Visitor(address, "france-1917", "france") as visitor:
        await visitor.heard({})
        for k in range(moves + 1):
            if k % max(1, moves // 8) == 0:
                shown = ", ".join(f"{n} {m:.0f} MB" for n, m in memory(pid).items())
                print(f"after {k} what-ifs: {shown}", flush=True)
            await visitor.move(rng.choice(PATHS), place(rng))


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--many", type=int, default=0, help="what-ifs for the memory check; needs --pid")
    parser.add_argument("--pid", type=int, default=0, help="process id of the server")
    given = parser.parse_args()
    address = given.address.rstrip("/") + "/"
    if given.moves:
        asyncio.run(alone(address, given.moves))
    if given.users:
        asyncio.run(together(address, given.users, given.seconds))
    if given.many:
        asyncio.run(many(address, given.many, given.pid))


if __name__ == "__main__":
    main()
