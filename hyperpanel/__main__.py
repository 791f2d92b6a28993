"""`python -m hyperpanel`. Ctrl-C may come while the commands are still being imported."""

import sys

try:
    from hyperpanel.cli import main

    main()
except KeyboardInterrupt:
    sys.exit(130)
