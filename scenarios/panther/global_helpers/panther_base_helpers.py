"""What several rules need to read nested answers."""

from collections.abc import Mapping


def deep_get(dictionary, *keys, default=None):
    """The value behind the keys; the default where one is missing, or where something else than a mapping is."""
    value = dictionary
    for key in keys:
        if not isinstance(value, Mapping):
            return default
        value = value.get(key)
    return default if value is None else value
