"""Python imports this by itself at its start when the folder is on PYTHONPATH."""

import redirect_to_rushhour

redirect_to_rushhour.install()
