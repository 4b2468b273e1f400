"""A Spark session for as long as a job needs one: started within bounds, told where it fails, its JVM ended with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Final

from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

import aftc
from aftc.errors import InputError

__all__ = ["HERE", "pandas_unused", "spark_session"]

HERE: Final = "local[*]"
"""The master of one machine: every core of it, in one JVM."""

_MASTERS: Final = ("local", "spark://", "k8s://", "yarn")
_LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 300.0  # until an executor must have taken a first task
_STOP_SECONDS: Final = 60.0
_OPTIONS: Final = {
    "spark.app.name": "aftc",
    "spark.log.level": "OFF",  # what fails is raised, and told once
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "false",  # rows are where `repartitionById` puts them
    "spark.sql.execution.arrow.maxRecordsPerBatch": "16",  # rows are parts, of up to some ten megabytes each
}


@contextmanager
def spark_session(master: str = HERE) -> Iterator[SparkSession]:
    """A session on a master, and the end of its JVM, whatever happens.

    On this machine (masters `local[...]` and `local-cluster[...]`) everything listens on loopback alone, and workers
    run this Python and this code. Elsewhere executors must have them, and Spark's own settings say how to get there.

    Args:
        master: Its address, as Spark writes it.

    Raises:
        InputError: no Java, a master that cannot be had, or no executor that takes a task.
    """
    if not master.startswith(_MASTERS):
        raise InputError(f"a Spark master that begins with {', '.join(_MASTERS)}", master)
    _require_java()
    here = master.startswith("local")
    options = _OPTIONS | (_here() if here else {})
    environment = {"SPARK_LOCAL_IP": _LOOPBACK, "PYSPARK_PYTHON": sys.executable} if here else {}
    try:
        with _environment(environment), pandas_unused():
            session = _started(master, options)
        yield session
        session.stop()
    finally:
        _end()


@contextmanager
def pandas_unused() -> Iterator[None]:
    """No warning of a pandas newer than Spark knows: it asks for pandas where Arrow alone is used."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(str(Path(home, "bin", "java")) if home else "java"):
        raise InputError(
            "a Java runtime of version 17 or later, which Spark runs on",
            f"none in JAVA_HOME={home}" if home else "none",
            advice="run: apt-get install default-jre-headless",
        )


def _here() -> dict[str, str]:
    code = str(Path(aftc.__file__).resolve().parents[1])
    return {
        "spark.driver.host": _LOOPBACK,
        "spark.driver.bindAddress": _LOOPBACK,
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(filter(None, (code, os.environ.get("PYTHONPATH")))),
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables for what is started now; those of before come back."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _started(master: str, options: Mapping[str, str]) -> SparkSession:
    """A session of which an executor has taken a task."""
    try:
        session = SparkSession.builder.master(master).config(map=dict(options)).getOrCreate()
        patience = Timer(_START_SECONDS, session.sparkContext.cancelAllJobs)
        patience.start()
        try:
            session.range(1).collect()
        finally:
            patience.cancel()
    except (PySparkException, Py4JError) as error:
        raise InputError(
            f"a Spark that starts on {master} and takes a task within {_START_SECONDS:.0f} s",
            _reason(error),
            advice="check the master's address, that Java is 17 or later, and that executors are free",
        ) from error
    return session


def _reason(error: Exception) -> str:
    """What went wrong, in a line: Java tells its exceptions' names and a trace with it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("org.apache.spark.", "java.", ": org.", ": java."))]
    return (told or lines or [type(error).__name__])[0].lstrip(": ")


def _end() -> None:
    """End the JVM: it would live as long as this process, with all that the session held."""
    context, gateway = SparkContext._active_spark_context, SparkContext._gateway
    if context is not None:
        context.stop()
    SparkContext._gateway = SparkContext._jvm = None
    if gateway is None:
        return
    gateway.shutdown()
    java = gateway.proc
    java.stdin.close()
    try:
        java.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()
