"""The helpers of the key-value store against a served DynamoDB: what they do and call, and their defects.

    python3 tests/panther/kv_helpers_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable

The clock stands still unless a test advances it; the helpers' time is the world's. Expected: spec panther.md 2.4.
"""

import datetime
import json
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

sys.dont_write_bytecode = True  # these folders are under version control

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scenarios/panther/global_helpers"), str(ROOT / "tests/clients")]

try:
    import boto3
    from botocore.config import Config
except ImportError as missing:
    sys.exit(f"kv_helpers_test: {missing}; on Debian: apt-get install python3-boto3")

import panther_kv_helpers as kv
import served
from panther_detection_helpers import caching

HOUR = 3600
DAYS_90 = 90 * 24 * HOUR


class HelpersTest(unittest.TestCase):
    """A table from which nothing goes before two days have passed."""

    TTL_LAG = "48h"

    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as state:
            json.dump({"dynamodb": {"ttl_lag": self.TTL_LAG}}, state)
            state.flush()
            self.served = served.Served("--state", state.name)
        self.addCleanup(self.served.stop)
        self.connect()
        clock = mock.patch.object(kv, "time", types.SimpleNamespace(time=self.now))
        clock.start()
        self.addCleanup(clock.stop)

    def connect(self):
        """As Lambda does: each container makes the table once, with credentials of its own."""
        key = self.served.key_of("detections-engine")
        kv._TABLE = boto3.resource(
            "dynamodb", endpoint_url=self.served.announced["dynamodb"],
            region_name=self.served.announced["region"], config=Config(retries={"max_attempts": 0}), **key
        ).Table("panther-kv-store")
        self.addCleanup(kv._TABLE.meta.client.close)

    def now(self):
        return datetime.datetime.fromisoformat(self.served.now().replace("Z", "+00:00")).timestamp()

    def advance(self, length):
        self.served.advance(length)
        self.served.renew()
        self.connect()

    def calls(self, call, *arguments, **more):
        """What it returns, and the operations that it called."""
        before = len(self.served.journal())
        result = call(*arguments, **more)
        return result, [entry["operation"].split(":")[1] for entry in self.served.journal()[before:]]

    def seconds_left(self, key):
        return int(kv.kv_table().get_item(Key={"key": key})["Item"]["expiresAt"]) - int(self.now())


class Helpers(HelpersTest):
    """What each helper does and calls."""

    def test_a_counter(self):
        self.assertEqual(self.calls(kv.get_counter, "c"), (0, ["GetItem"]))
        self.assertEqual(self.calls(kv.increment_counter, "c"), (1, ["UpdateItem"] * 2))
        self.assertEqual(self.calls(kv.increment_counter, "c", 4), (5, ["UpdateItem"]))
        self.assertEqual(self.calls(kv.get_counter, "c"), (5, ["GetItem"]))
        self.assertEqual(self.calls(kv.reset_counter, "c"), (None, ["UpdateItem"]))
        self.assertEqual(kv.get_counter("c"), 0)
        self.assertEqual(self.seconds_left("c"), DAYS_90)

    def test_a_set(self):
        self.assertEqual(self.calls(kv.get_string_set, "s"), (set(), ["GetItem"]))
        self.assertEqual(self.calls(kv.put_string_set, "s", ["a", "b", "a"]), (None, ["PutItem"]))
        self.assertEqual(kv.get_string_set("s"), {"a", "b"})
        self.assertEqual(self.calls(kv.add_to_string_set, "s", "c"), ({"a", "b", "c"}, ["UpdateItem"]))
        self.assertEqual(self.calls(kv.add_to_string_set, "new", {"x"}), ({"x"}, ["UpdateItem"] * 2))
        self.assertEqual(self.calls(kv.remove_from_string_set, "s", ["a", "c"]), ({"b"}, ["UpdateItem"]))
        self.assertEqual(kv.remove_from_string_set("s", "b"), set())
        self.assertEqual(kv.add_to_string_set("s", []), set())
        self.assertEqual(self.calls(kv.reset_string_set, "s"), (None, ["UpdateItem"]))

    def test_a_bare_string_is_put_as_its_characters_and_an_empty_set_resets(self):
        kv.put_string_set("s", "abba")
        self.assertEqual(kv.get_string_set("s"), {"a", "b"})
        self.assertEqual(self.calls(kv.put_string_set, "s", set()), (None, ["UpdateItem"]))
        self.assertEqual(kv.get_string_set("s"), set())

    def test_a_dictionary(self):
        self.assertEqual(self.calls(kv.get_dictionary, "d"), ({}, ["GetItem"]))
        self.assertEqual(self.calls(kv.put_dictionary, "d", {"a": [1, {"b": None}]}), (None, ["PutItem"]))
        self.assertEqual(kv.get_dictionary("d"), {"a": [1, {"b": None}]})
        with self.assertRaises(TypeError):
            kv.put_dictionary("d", "text")
        with self.assertRaises(ValueError):
            kv.put_dictionary("d", {"a": object()})

    def test_a_put_replaces_what_else_is_under_the_key(self):
        kv.increment_counter("k")
        kv.put_dictionary("k", {"a": 1})
        self.assertEqual((kv.get_counter("k"), kv.get_dictionary("k")), (0, {"a": 1}))

    def test_a_threshold(self):
        hits = [kv.evaluate_threshold("t", threshold=3, expiry_seconds=HOUR) for _ in range(4)]
        self.assertEqual(hits, [False, False, True, False])
        self.assertEqual(self.seconds_left("t"), HOUR)

    def test_the_age_of_an_account(self):
        kv.put_string_set("account", ["id"], epoch_seconds=HOUR)
        self.assertTrue(kv.check_account_age("account"))
        self.assertFalse(kv.check_account_age("other"))
        self.assertFalse(kv.check_account_age(""))
        self.assertFalse(kv.check_account_age(None))
        self.advance("2h")
        self.assertFalse(kv.check_account_age("account"))

    def test_times_may_be_said_in_many_ways(self):
        now = int(self.now())
        for said, left in ((60, 60), (60.9, 60), ("60", 60), ("60.5", 60), (now + 7, 7), (str(now + 7), 7),
                           (None, DAYS_90), ("soon", DAYS_90), ([], DAYS_90)):
            kv.set_key_expiration("k", said)
            self.assertEqual(self.seconds_left("k"), left, said)

    def test_what_is_over_is_returned_unless_it_is_asked_otherwise(self):
        kv.put_string_set("s", ["a"], epoch_seconds=HOUR)
        kv.put_dictionary("d", {"a": 1}, epoch_seconds=HOUR)
        kv.increment_counter("c", 5, HOUR)
        self.advance("2h")
        self.assertEqual((kv.get_string_set("s"), kv.get_dictionary("d"), kv.get_counter("c")), ({"a"}, {"a": 1}, 5))
        self.assertEqual((kv.get_string_set("s", True), kv.get_dictionary("d", True), kv.get_counter("c", True)),
                         (set(), {}, 0))

    def test_rules_import_the_same_from_the_library(self):
        for name in ("add_to_string_set", "check_account_age", "evaluate_threshold", "get_counter", "get_dictionary",
                     "get_string_set", "increment_counter", "kv_table", "put_dictionary", "put_string_set",
                     "remove_from_string_set", "reset_counter", "reset_string_set", "set_key_expiration", "ttl_expired"):
            self.assertIs(getattr(caching, name), getattr(kv, name))


class Defects(HelpersTest):
    """Those of the original, by their letters in the module's own text."""

    def test_a_a_counter_that_is_over_comes_back(self):
        self.assertEqual([kv.increment_counter("c", 1, HOUR) for _ in range(9)], list(range(1, 10)))
        self.advance("2h")
        self.assertEqual([kv.increment_counter("c", 1, HOUR) for _ in range(3)], [1, 11, 12])

    def test_b_the_documented_counter_never_ends(self):
        def hit():
            count = kv.increment_counter("c")
            if count == 1:
                kv.set_key_expiration("c", HOUR)
            return count

        self.assertEqual((hit(), self.seconds_left("c")), (1, HOUR))
        self.assertEqual((hit(), self.seconds_left("c")), (2, DAYS_90))
        self.advance("2h")
        self.assertEqual(hit(), 3)

    def test_c_a_threshold_counts_hits_of_a_window_that_is_over(self):
        alerts = []
        for window in (1, 2, 3):
            alerts += [window for _ in range(5) if kv.evaluate_threshold("t", 10, HOUR)]
            self.advance("2h")
        self.assertEqual(alerts, [2])  # five hits a window never are ten

    def test_d_a_set_that_is_over_comes_back(self):
        kv.add_to_string_set("s", "old", HOUR)
        self.advance("2h")
        self.assertEqual(kv.add_to_string_set("s", "new", HOUR), {"old", "new"})
        self.assertEqual(kv.get_string_set("s", force_ttl_check=True), {"old", "new"})

    def test_e_an_increment_without_a_time_sets_90_days(self):
        kv.increment_counter("c", 1, HOUR)
        kv.increment_counter("c", 1, None)
        self.assertEqual(self.seconds_left("c"), DAYS_90)

    def test_f_a_put_without_a_time_sets_90_days(self):
        kv.put_string_set("s", ["a"], HOUR)
        kv.put_string_set("s", ["a"])
        kv.put_dictionary("d", {"a": 1})
        self.assertEqual((self.seconds_left("s"), self.seconds_left("d")), (DAYS_90, DAYS_90))


class Reaped(HelpersTest):
    """A table from which things go after half an hour, as in practice."""

    TTL_LAG = "30m"

    def test_a_counter_that_was_removed_begins_anew(self):
        for _ in range(9):
            kv.increment_counter("c", 1, HOUR)
        self.advance("2h")
        self.assertEqual([kv.increment_counter("c", 1, HOUR) for _ in range(3)], [1, 2, 3])


if __name__ == "__main__":
    unittest.main()
