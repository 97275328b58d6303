"""What one process decides by its clock, and several must decide together.

How many steps a chunk takes, when a checkpoint is due, whether somebody pressed Ctrl-C:
processes that train one model and answered differently would wait for each other for
ever.
"""

from typing import Any


class Alone:
    """One process: its own answers are everybody's.

    Attributes:
        chief: whether this is the process that writes checkpoints, logs and progress.
    """

    chief = True

    def chiefs(self, number):
        """The chief's number, in every process."""
        return number

    def anyones(self, flag):
        """Whether the flag is set in any process."""
        return bool(flag)


class Together(Alone):
    """The processes of a `tf.distribute.MultiWorkerMirroredStrategy`.

    Every call is a message between all of them: all must make the same calls.
    """

    def __init__(self, strategy):
        import tensorflow as tf

        resolver = strategy.cluster_resolver
        jobs = resolver.cluster_spec().jobs
        first = "chief" if "chief" in jobs else "worker"
        self.chief = (resolver.task_type, resolver.task_id) == (first, 0)
        processes = sum(resolver.cluster_spec().num_tasks(job) for job in jobs)
        share = strategy.num_replicas_in_sync // processes

        def add(number):
            context: Any = tf.distribute.get_replica_context()
            here = tf.identity(number)  # on this replica's device: it must have one
            return context.all_reduce(tf.distribute.ReduceOp.SUM, here)

        @tf.function(autograph=False)
        def total(number):
            found = strategy.run(add, args=(number,))
            return strategy.experimental_local_results(found)[0]

        self._total = lambda n: int(total(tf.constant(n, "int64"))) // share

    def chiefs(self, number):
        """The chief's number, in every process."""
        return self._total(int(number) if self.chief else 0)

    def anyones(self, flag):
        """Whether the flag is set in any process."""
        return self._total(int(bool(flag))) > 0


def processes_of(strategy):
    """The processes of a strategy; None is a single device."""
    resolver = getattr(strategy, "cluster_resolver", None)
    if resolver is None or not resolver.cluster_spec().jobs:
        return Alone()
    return Together(strategy)
