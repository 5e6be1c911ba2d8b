"""Threads for short work beside the screen that never keep the program from ending.

Owns the pool asyncio hands thread workers to. Its threads are daemons and are used again, as
each keeps a connection to the store.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Condition, Semaphore, Thread
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")

MOST_THREADS = 16

_Call = tuple["Future[Any]", Callable[[], Any]]


class DaemonThreads(ThreadPoolExecutor):
    """A thread pool no exit has to wait for; asyncio takes no other kind than a ``ThreadPoolExecutor``."""

    def __init__(self) -> None:
        super().__init__(max_workers=MOST_THREADS, thread_name_prefix="beside the screen")
        self._calls: Queue[_Call] = Queue()  # a wait in it is seen from outside
        self._idle = Semaphore(0)
        self._started = 0
        self._open = 0
        self._changed = Condition()

    def submit(self, fn: Callable[..., ResultT], /, *args: Any, **kwargs: Any) -> Future[ResultT]:
        """Call something in a thread; see ``concurrent.futures.Executor.submit``."""
        future: Future[ResultT] = Future()
        with self._changed:
            self._open += 1
            self._calls.put((future, lambda: fn(*args, **kwargs)))
            if not self._idle.acquire(blocking=False) and self._started < MOST_THREADS:
                self._started += 1
                Thread(target=self._serve, name=f"beside the screen {self._started}", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nothing: what still runs ends with the process."""

    def wait(self, seconds: float) -> bool:
        """Wait some seconds at most until nothing runs; returns whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def _serve(self) -> None:
        while True:
            future, call = self._calls.get()
            if future.set_running_or_notify_cancel():
                try:
                    result = call()
                except BaseException as problem:
                    future.set_exception(problem)
                else:
                    future.set_result(result)
            del future, call
            with self._changed:
                self._open -= 1
                self._changed.notify_all()
            self._idle.release()
