"""What detections import of Panther's global helpers, for tests outside of Panther."""

from collections.abc import Mapping


def deep_get(dictionary, *keys, default=None):
    """The value behind a chain of keys; `default` where the chain breaks or ends in None."""
    value = dictionary
    for key in keys:
        if not isinstance(value, Mapping):
            return default
        value = value.get(key)
    return default if value is None else value
