"""`python -m playground`: makes the process cooperative and its arithmetic single-threaded, then runs the command."""

# Before anything else is imported: whatever has looked at sockets and threads earlier would keep the blocking ones.
from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

# Ctrl-C while the rest is imported ends the process without a traceback; the server has its own way later.
signal.signal(signal.SIGINT, signal.SIG_DFL)

# Before NumPy is imported. A process trains on one thread; more of BLAS's would only contend for the cores.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

from playground.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
