"""The names of panther_detection_helpers.caching, for rules that import them from there."""

# pylint: disable=unused-import
from panther_kv_helpers import (
    add_to_string_set,
    check_account_age,
    evaluate_threshold,
    get_counter,
    get_dictionary,
    get_string_set,
    increment_counter,
    kv_table,
    put_dictionary,
    put_string_set,
    remove_from_string_set,
    reset_counter,
    reset_string_set,
    set_key_expiration,
    ttl_expired,
)
