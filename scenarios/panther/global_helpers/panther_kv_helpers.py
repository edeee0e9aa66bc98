"""What rules remember between events: counters, sets of strings and dictionaries in the table panther-kv-store.

The names, arguments and calls of Panther's `panther_detection_helpers.caching` 1.0.2, written anew, defects
included: whoever tunes a rule must meet the ones that it has in production. They all come of one thing: DynamoDB
removes an item some time after its `expiresAt`, half an hour or two days, and until then it is there.

A. A counter that is over comes back: increment_counter() returns what was added, but the item keeps the old sum, and
   the next call goes on from there. After nine hits and the end of their time: 1, 11, 12.
B. `if increment_counter(key) == 1: set_key_expiration(key, soon)` never ends: the next increment_counter() sets the
   time to 90 days again.
C. evaluate_threshold() counts hits of a window that is over, because of A.
D. add_to_string_set() after the end returns the old members too, and gives them a new time.
E. `epoch_seconds=None` does not leave the time as it is: an increment sets it to 90 days.
F. So does putting a set or a dictionary.

Reading and then putting is not one step: of two containers that see something for the first time, both do, or one
puts a set without what the other has put. And what is put replaces the whole item: a dictionary a counter of its key.
"""

import json
import os
import time
from collections.abc import Mapping, Set

import boto3

KEY = "key"
COUNTER = "intCount"
STRING_SET = "stringSet"
DICTIONARY = "dictionary"
EXPIRES = "expiresAt"

DEFAULT_LIFE_S = 90 * 24 * 60 * 60
RELATIVE_MAX_S = 1_000_000_000  # less is counted from now, more from 1970

_TABLE = None  # made at first use, and kept for as long as the container lives


def kv_table():
    """The table, as a boto3 resource."""
    global _TABLE  # pylint: disable=global-statement
    if _TABLE is None:
        name = os.environ.get("KV_STORE_TABLE_NAME", "panther-kv-store")
        _TABLE = boto3.resource("dynamodb").Table(name)
    return _TABLE


def expiry_of(epoch_seconds):
    """When an item is over, in seconds since 1970: of a length, of a time, or of None, which is 90 days from now."""
    if isinstance(epoch_seconds, str):
        try:
            epoch_seconds = float(epoch_seconds)
        except ValueError:
            pass
    if isinstance(epoch_seconds, float):
        epoch_seconds = int(epoch_seconds)
    now = int(time.time())
    if not isinstance(epoch_seconds, int):
        return now + DEFAULT_LIFE_S
    return now + epoch_seconds if epoch_seconds < RELATIVE_MAX_S else epoch_seconds


def ttl_expired(response):
    """Whether the item of a get_item() response is over, though it is still there."""
    expires = response.get("Item", {}).get(EXPIRES)
    return expires is not None and float(expires) < time.time()


def _get(key, column, force_ttl_check):
    """One attribute of an item; None where there is none, or it is over and that counts."""
    response = kv_table().get_item(Key={KEY: key}, ProjectionExpression=f"{column}, {EXPIRES}")
    if force_ttl_check and ttl_expired(response):
        return None
    return response.get("Item", {}).get(column)


def _update(key, expression, values, only_alive=False):
    """What the attributes that it names hold then; None where the item was to be alive and is not."""
    more = {}
    values = dict(values)
    if only_alive:
        more["ConditionExpression"] = f"{EXPIRES} >= :now"
        values[":now"] = int(time.time())
    if values:
        more["ExpressionAttributeValues"] = values
    table = kv_table()
    try:
        response = table.update_item(
            Key={KEY: key}, ReturnValues="UPDATED_NEW", UpdateExpression=expression, **more)
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        return None
    return response.get("Attributes", {})


def _update_alive_first(key, expression, values):
    """The attributes, and whether the item was alive: two calls for one that was not."""
    attributes = _update(key, expression, values, only_alive=True)
    if attributes is not None:
        return attributes, True
    return _update(key, expression, values), False


# ---- Counters ----


def get_counter(key, force_ttl_check=False):
    """The counter, or 0. One that is over counts until DynamoDB removes it, unless `force_ttl_check`."""
    return int(_get(key, COUNTER, force_ttl_check) or 0)


def increment_counter(key, val=1, epoch_seconds=None):
    """Adds to a counter and sets its time, which without `epoch_seconds` is 90 days (E).

    Returns the sum, or only what was added where the counter was new or over (A)."""
    attributes, was_alive = _update_alive_first(
        key, f"ADD {COUNTER} :val SET {EXPIRES} = :end", {":val": val, ":end": expiry_of(epoch_seconds)})
    return int(attributes[COUNTER]) if was_alive else val


def reset_counter(key):
    """Removes a counter. Its time stays."""
    _update(key, f"REMOVE {COUNTER}", {})


def evaluate_threshold(key, threshold=10, expiry_seconds=3600):
    """Counts a hit: true for the one that reaches the threshold, which then begins anew (C)."""
    if increment_counter(key, 1, expiry_seconds) < threshold:
        return False
    reset_counter(key)
    return True


def set_key_expiration(key, epoch_seconds):
    """Sets the time of an item, for as long as nothing else is written to it (B)."""
    _update(key, f"SET {EXPIRES} = :end", {":end": expiry_of(epoch_seconds)})


# ---- Sets of strings ----


def get_string_set(key, force_ttl_check=False):
    """The set, or an empty one. One that is over counts until DynamoDB removes it, unless `force_ttl_check`."""
    return set(_get(key, STRING_SET, force_ttl_check) or ())


def put_string_set(key, val, epoch_seconds=None):
    """Puts a set in the place of the whole item. A bare string is a set of its characters."""
    if not val:
        reset_string_set(key)  # a set in DynamoDB is not empty
        return
    kv_table().put_item(Item={KEY: key, STRING_SET: set(val), EXPIRES: expiry_of(epoch_seconds)})


def add_to_string_set(key, val, epoch_seconds=None):
    """Adds a string, or several, and sets the time. Returns the whole set, with members that were over (D)."""
    return _change_string_set("ADD", key, val, epoch_seconds)


def remove_from_string_set(key, val, epoch_seconds=None):
    """Removes a string, or several, and sets the time. Returns what is left, with members that were over (D)."""
    return _change_string_set("DELETE", key, val, epoch_seconds)


def _change_string_set(action, key, val, epoch_seconds):
    strings = {val} if isinstance(val, str) else set(val)
    if not strings:
        return get_string_set(key)
    attributes, _ = _update_alive_first(
        key, f"{action} {STRING_SET} :strings SET {EXPIRES} = :end",
        {":strings": strings, ":end": expiry_of(epoch_seconds)})
    return set(attributes.get(STRING_SET, ()))


def reset_string_set(key):
    """Removes a set. Its time stays."""
    _update(key, f"REMOVE {STRING_SET}", {})


def check_account_age(key):
    """Whether something new was noted under the key, and that is not over."""
    return isinstance(key, str) and key != "" and bool(get_string_set(key, force_ttl_check=True))


# ---- Dictionaries ----


def get_dictionary(key, force_ttl_check=False):
    """The dictionary, or an empty one. One that is over counts until DynamoDB removes it, unless
    `force_ttl_check`."""
    text = _get(key, DICTIONARY, force_ttl_check)
    if not text:
        return {}
    try:
        return json.loads(text)
    except json.JSONDecodeError as mistake:
        raise ValueError(f"get_dictionary: what is stored under {key!r} is no JSON: {mistake}") from mistake


def put_dictionary(key, val, epoch_seconds=None):
    """Puts a dictionary, as JSON, in the place of the whole item."""
    if not isinstance(val, Mapping):
        raise TypeError(f"put_dictionary: {type(val).__name__} is no dictionary")
    try:
        text = json.dumps(val, default=_plain)
    except TypeError as mistake:
        raise ValueError(f"put_dictionary: the dictionary cannot be written as JSON: {mistake}") from mistake
    kv_table().put_item(Item={KEY: key, DICTIONARY: text, EXPIRES: expiry_of(epoch_seconds)})


def _plain(value):
    """Events and their parts are mappings and sequences of a type of their own."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set) or hasattr(value, "__getitem__"):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not serializable")
