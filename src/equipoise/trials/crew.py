"""Who does the work: this process, several, or a Dask cluster; all give the same bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Protocol

from equipoise.errors import OutputError

RETRIES = 5  # times that a cluster does a shard again whose worker was lost


class Crew(Protocol):
    """Whoever takes a function and its argument and promises the result, as executors do."""

    def submit(self, function: Callable[[Any], bytes], argument: Any, /) -> Any:  # noqa: ANN401 - a future
        """Promise ``function(argument)``."""


class Here:
    """Does the work in this process, when it is told."""

    def submit(self, function: Callable[[Any], bytes], argument: Any, /) -> Future[bytes]:  # noqa: ANN401
        """Do it, and give the result as a promise."""
        promise: Future[bytes] = Future()
        try:
            promise.set_result(function(argument))
        except Exception as error:  # noqa: BLE001 - raised again by whoever asks for the result
            promise.set_exception(error)
        return promise


class Cluster:
    """Workers of a Dask cluster; a shard whose worker dies is done again by another."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - distributed has no types
        self.client = client

    def submit(self, function: Callable[[Any], bytes], argument: Any, /) -> Any:  # noqa: ANN401
        """Send it to the cluster."""
        return self.client.submit(function, argument, pure=False, retries=RETRIES)


@contextmanager
def crew_of(workers: int | None = None, cluster: str | None = None) -> Iterator[tuple[Crew, int]]:
    """A crew and how many shards it can take at a time.

    Args:
        workers: Processes on this machine; one for each core that may be used if not given.
        cluster: Address of the scheduler of a Dask cluster, ``tcp://host:8786``.

    Raises:
        OutputError: The cluster cannot be reached, or Dask is not installed.
    """
    if cluster is not None:
        with _client(cluster) as client:
            yield Cluster(client), max(1, len(client.scheduler_info()["workers"]))
        return
    number = workers or _cores()
    if number == 1:
        yield Here(), 1
        return
    pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"))
    try:
        yield pool, number
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        client = import_module("distributed").Client(address, timeout=20, set_as_default=False)
    except ImportError as error:
        raise OutputError(
            "--cluster needs Dask: install equipoise[cluster], the same on every machine."
        ) from error
    except (OSError, ValueError) as error:
        raise OutputError(f"--cluster {address}: no Dask scheduler answers: {error}") from error
    with client:
        yield client
