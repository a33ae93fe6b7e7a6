"""A real Dask cluster of worker processes on this machine, one of them killed in the middle."""

import os
import signal
import threading
import time
import warnings
from hashlib import sha256

import pytest

from equipoise.errors import OutputError
from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.trials import run as runner
from equipoise.trials.crew import Here, crew_of
from equipoise.trials.run import job_of, run
from equipoise.trials.scenario import read_designs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # Dask's own, when a worker dies
]


def digests(files):
    return [sha256(file.read_bytes()).hexdigest() for file in files]


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            yield cluster


def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_one_process(
    cluster, tmp_path, monkeypatch
):
    monkeypatch.setattr(runner, "PARTICIPANTS", 100)
    design = read_designs(load_study(TEMPLATE), None, ["participants=20"])[0]
    job = job_of(design, seed=4, trials=100)
    alone = digests(run(job, tmp_path / "alone", (Here(), 1)))
    done, killed = [], []

    def kill_one():
        while len(done) < 3:
            time.sleep(0.01)
        victim = next(iter(cluster.workers.values())).pid
        os.kill(victim, signal.SIGKILL)
        killed.append(victim)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with crew_of(cluster=cluster.scheduler_address) as crew:
        files = run(job, tmp_path / "cluster", crew, done.append)
    killer.join()

    assert killed
    assert digests(files) == alone


def test_a_cluster_that_does_not_answer_is_told():
    pytest.importorskip("distributed")

    with (
        pytest.raises(OutputError, match="no Dask scheduler answers"),
        crew_of(cluster="tcp://127.0.0.1:9"),
    ):
        pass
