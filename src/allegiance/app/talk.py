"""Between a page and the desk: asks questions for one visitor and tells the browser how they fare."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from allegiance.app.jobs import Desks, Job
from allegiance.report.glossary import marked

_LOOK = 0.04
"""Seconds between two looks at a job."""
Answered = Callable[[Any, Job], Awaitable[None]]


class Talk:
    """One visitor's conversation with the desk.

    Args:
        session: the Shiny session; anything with `id` and `send_custom_message`.
    """

    def __init__(self, desk: Desks, session: Any) -> None:
        self.desk, self.session = desk, session
        self._tasks: dict[str, asyncio.Task[None]] = {}
        session.on_ended(self._leave)

    def ask(self, task: str, answered: Answered, place: str = "main", /, **payload: Any) -> None:
        """Ask; an open question at the same place is dropped. `answered` gets each result, better each time."""
        if place in self._tasks:
            self._tasks[place].cancel()
        job = self.desk.submit(self.session.id, task, place, **payload)
        self._tasks[place] = asyncio.create_task(self._follow(job, answered))

    async def send(self, kind: str, message: Any) -> None:
        """Send the page a message, terms of the glossary explained; a page that has gone hears nothing."""
        if kind == "html":
            message = message | {"html": marked(message["html"])}
        with contextlib.suppress(RuntimeError, ConnectionError):
            await self.session.send_custom_message(kind, message)

    async def _follow(self, job: Job, answered: Answered) -> None:
        seen, said = -1, ""
        while True:
            state, version = job.state, job.version
            text = await self._progress(job, said)
            if version != seen:
                seen, said = version, text
                if state == "failed":
                    await self.send("failed", {"text": job.message, "place": job.place})
                elif job.result is not None:
                    await answered(job.result, job)
            elif text != said:
                said = text
            if state not in ("waiting", "running"):
                return
            await asyncio.sleep(_LOOK)

    async def _progress(self, job: Job, said: str) -> str:
        before = self.desk.position(job) if job.state == "waiting" else 0
        text = f"waiting: {before} before you" if before else job.update.text if job.state != "waiting" else "starting"
        if job.state == "dropped":
            return said
        shown = f"{job.update.done:.2f} {text} {job.state}"
        if shown != said:
            message = {"done": job.update.done, "text": text, "state": job.state, "place": job.place}
            await self.send("progress", message)
        return shown

    def _leave(self) -> None:
        self.desk.leave(self.session.id)
        for task in self._tasks.values():
            task.cancel()
