"""Experiments over time: worker processes, pace, command queues, history."""

from playground.runs.pool import Listener, LocalPool, Pool, child_environ

__all__ = ["Listener", "LocalPool", "Pool", "child_environ"]
