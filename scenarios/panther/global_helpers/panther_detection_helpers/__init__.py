"""The library of Panther's runtime that rules import for what they remember, on panther_kv_helpers."""
