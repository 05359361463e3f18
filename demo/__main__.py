"""``python -m demo``, as `make demo` calls it."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while Python still loads: end, say nothing

from demo.start import main  # noqa: E402 - loads everything, so after the line above

sys.exit(main())
