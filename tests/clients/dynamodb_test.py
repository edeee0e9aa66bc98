"""boto3, client and resource, at the DynamoDB of a `rushhour serve`: all types of values, expressions, errors.

    python3 tests/clients/dynamodb_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable

The clock stands still unless a test advances it.
"""

import json
import sys
import tempfile
import unittest
import zlib
from decimal import Decimal
from unittest import mock

sys.dont_write_bytecode = True  # this folder is under version control

try:
    import boto3
    import requests
    from boto3.dynamodb.conditions import Attr
    from boto3.dynamodb.types import Binary
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.credentials import Credentials
    from botocore.exceptions import ClientError
except ImportError as missing:
    sys.exit(f"dynamodb_test: {missing}; on Debian: apt-get install python3-boto3 python3-requests")

import served

TABLE = "panther-kv-store"
STATE = {"dynamodb": {"ttl_lag": "48h", "tables": [
    {"name": "slow", "account": "111122223333", "hash_key": {"name": "id", "type": "N"},
     "capacity": {"provisioned": {"read_units": 1, "write_units": 1, "burst": "1s"}}}]}}


class DynamoDbTest(unittest.TestCase):
    """The engine's Lambda and Panther's table."""

    OPTIONS = ()

    def setUp(self):
        self.served = served.Served(*self.OPTIONS)
        self.addCleanup(self.served.stop)
        environment = mock.patch.dict("os.environ", self.served.environment("detections-engine"), clear=True)
        environment.start()
        self.addCleanup(environment.stop)
        self.client = self.make(boto3.client)
        self.table = self.make(boto3.resource).Table(TABLE)

    def make(self, kind, attempts=1, key=None):
        """`attempts`: after the first, as botocore counts them here."""
        made = kind("dynamodb", endpoint_url=self.served.announced["dynamodb"],
                    config=Config(retries={"mode": "standard", "max_attempts": attempts}), **(key or {}))
        self.addCleanup((made.meta.client if kind is boto3.resource else made).close)
        return made

    def fails(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, 400))
        return answer["Error"]["Message"]

    def post(self, operation, body, target="DynamoDB_20120810."):
        """What botocore would not send."""
        key = self.served.announced["principals"]["detections-engine"]
        request = AWSRequest("POST", self.served.url, data=body, headers={
            "X-Amz-Target": target + operation, "Content-Type": "application/x-amz-json-1.0"})
        SigV4Auth(Credentials(key["access_key_id"], key["secret_access_key"], key["session_token"]),
                  "dynamodb", self.served.announced["region"]).add_auth(request)
        return requests.post(self.served.url, data=body, headers=dict(request.headers), timeout=10)


class Items(DynamoDbTest):
    def test_all_types_come_back_to_a_client(self):
        item = {"key": {"S": "types"}, "s": {"S": "grüße 🎉"}, "n": {"N": "-42.5"}, "b": {"B": b"\x00\x01\xff"},
                "yes": {"BOOL": True}, "no": {"BOOL": False}, "nil": {"NULL": True},
                "m": {"M": {"a": {"M": {}}, "l": {"L": []}}}, "l": {"L": [{"S": "x"}, {"N": "1"}, {"NULL": True}]},
                "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2.5"]}, "bs": {"BS": [b"\x01", b"\x02"]}}
        self.client.put_item(TableName=TABLE, Item=item)
        answer = self.client.get_item(TableName=TABLE, Key={"key": {"S": "types"}}, ConsistentRead=True)
        self.assertEqual(answer["Item"], item)
        self.assertEqual(self.served.operations(), ["dynamodb:PutItem", "dynamodb:GetItem"])

    def test_all_types_come_back_to_a_resource(self):
        item = {"key": "types", "s": "x", "n": Decimal("12345678901234567890.123456789012345678"),
                "b": Binary(b"bytes"), "yes": True, "nil": None, "m": {"a": {"b": Decimal(1)}},
                "l": ["x", Decimal("1E+2"), [None]], "ss": {"a", "b"}, "ns": {Decimal(1), Decimal("2.5")},
                "bs": {Binary(b"\x01")}}
        self.table.put_item(Item=item)
        self.assertEqual(self.table.get_item(Key={"key": "types"})["Item"], item)

    def test_numbers_are_kept_in_their_own_form(self):
        for sent, kept in (("007", "7"), ("1.500", "1.5"), ("1e3", "1000"), ("-0", "0"),
                           ("12345678901234567890123456789012345678",) * 2):
            self.client.put_item(TableName=TABLE, Item={"key": {"S": "n"}, "n": {"N": sent}})
            self.assertEqual(self.client.get_item(TableName=TABLE, Key={"key": {"S": "n"}})["Item"]["n"], {"N": kept})
        self.assertEqual(
            self.fails("ValidationException", self.client.put_item, TableName=TABLE,
                       Item={"key": {"S": "n"}, "n": {"N": "1" * 39}}),
            "Attempting to store more than 38 significant digits in a Number")

    def test_nothing_has_no_item(self):
        self.assertNotIn("Item", self.table.get_item(Key={"key": "none"}))

    def test_updates_count_and_collect(self):
        def update(expression, **values):
            return self.table.update_item(
                Key={"key": "c"}, UpdateExpression=expression, ReturnValues="UPDATED_NEW",
                ExpressionAttributeValues={f":{name}": value for name, value in values.items()})["Attributes"]

        self.assertEqual(update("ADD intCount :one SET expiresAt = :end", one=1, end=5), {"intCount": 1, "expiresAt": 5})
        self.assertEqual(update("ADD intCount :one", one=1), {"intCount": 2})
        self.assertEqual(update("ADD stringSet :more", more={"a"}), {"stringSet": {"a"}})
        self.assertEqual(update("ADD stringSet :more", more={"b", "a"}), {"stringSet": {"a", "b"}})
        self.assertEqual(update("DELETE stringSet :gone", gone={"a"}), {"stringSet": {"b"}})
        self.assertEqual(update("SET l = list_append(if_not_exists(l, :none), :more)", none=[], more=[1]), {"l": [1]})

    def test_conditions_of_boto3_work(self):
        put = {"Item": {"key": "once", "n": 1}, "ConditionExpression": Attr("key").not_exists()}
        self.table.put_item(**put)
        self.assertEqual(self.fails("ConditionalCheckFailedException", self.table.put_item, **put),
                         "The conditional request failed")
        with self.assertRaises(self.table.meta.client.exceptions.ConditionalCheckFailedException):
            self.table.put_item(**put)
        self.table.put_item(Item={"key": "once", "n": 2}, ConditionExpression=(
            Attr("n").between(0, 5) & Attr("key").begins_with("on") & ~Attr("n").is_in([3, 4]) & (Attr("x").ne(1))))

    def test_capacity_is_told(self):
        self.table.put_item(Item={"key": "c", "text": "x" * 5000})
        for consistent, units in ((False, 1.0), (True, 2.0)):
            answer = self.table.get_item(Key={"key": "c"}, ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL")
            self.assertEqual(answer["ConsumedCapacity"], {"TableName": TABLE, "CapacityUnits": units})

    def test_reserved_words_are_refused(self):
        self.assertEqual(
            self.fails("ValidationException", self.table.update_item, Key={"key": "c"},
                       UpdateExpression="SET status = :v", ExpressionAttributeValues={":v": 1}),
            "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status")


class Messages(DynamoDbTest):
    def test_answers_have_a_checksum(self):
        answer = self.post("GetItem", json.dumps({"TableName": TABLE, "Key": {"key": {"S": "k"}}}))
        self.assertEqual((answer.status_code, answer.text), (200, "{}"))
        self.assertEqual(answer.headers["x-amz-crc32"], str(zlib.crc32(answer.content)))
        self.assertEqual(answer.headers["Content-Type"], "application/x-amz-json-1.0")

    def test_errors_say_who_speaks(self):
        for operation, body, kind, text in (
                ("GetItem", {"TableName": TABLE, "Key": {}}, "com.amazon.coral.validate#ValidationException",
                 "The provided key element does not match the schema"),
                ("GetItem", {"TableName": TABLE}, "com.amazon.coral.validate#ValidationException",
                 "1 validation error detected: Value null at 'key' failed to satisfy constraint: "
                 "Member must not be null"),
                ("PutItem", {"TableName": TABLE, "Item": {"key": {"S": "k", "N": "1"}}},
                 "com.amazon.coral.validate#ValidationException",
                 "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
                 "supported datatypes"),
                ("PutItem", {"TableName": TABLE, "Item": {"key": {"S": "k"}, "a": {"SS": ["a", None]}}},
                 "com.amazon.coral.validate#ValidationException",
                 "One or more parameter values were invalid: An string set may not have a null string as a member"),
                ("PutItem", {"TableName": TABLE, "Item": {"key": {"S": 5}}},
                 "com.amazon.coral.service#SerializationException", "NUMBER_VALUE cannot be converted to String"),
                ("Query", {"TableName": TABLE}, "com.amazon.coral.service#UnknownOperationException",
                 "The fake does not model DynamoDB's Query: it has GetItem, PutItem and UpdateItem"),
                ("Nonsense", {}, "com.amazon.coral.service#UnknownOperationException", None)):
            with self.subTest(operation=operation, body=body):
                answer = self.post(operation, json.dumps(body))
                said = answer.json()
                self.assertEqual((answer.status_code, said["__type"]), (400, kind))
                self.assertEqual(said.get("message", said.get("Message")), text)

    def test_a_failed_condition_shows_the_item_when_asked(self):
        self.table.put_item(Item={"key": "k", "n": 1})
        answer = self.post("PutItem", json.dumps(
            {"TableName": TABLE, "Item": {"key": {"S": "k"}}, "ConditionExpression": "attribute_not_exists(n)",
             "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}))
        self.assertEqual(answer.json(), {
            "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
            "message": "The conditional request failed", "Item": {"key": {"S": "k"}, "n": {"N": "1"}}})

    def test_a_stranger_may_not(self):
        stranger = self.make(boto3.client, key=self.served.key_of("stranger"))
        text = self.fails("AccessDeniedException", stranger.get_item, TableName=TABLE, Key={"key": {"S": "k"}})
        self.assertRegex(text, r"^User: \S+/stranger is not authorized to perform: dynamodb:GetItem on resource: "
                               r"arn:aws:dynamodb:us-east-1:111122223333:table/panther-kv-store because no "
                               r"identity-based policy allows the dynamodb:GetItem action$")


class States(DynamoDbTest):
    """Tables of a state file, and items that stay for two days."""

    @classmethod
    def setUpClass(cls):
        cls.state = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump(STATE, cls.state)
        cls.state.flush()
        cls.addClassCleanup(cls.state.close)
        cls.OPTIONS = ("--state", cls.state.name, "--admin-account", "111122223333", *served.ADMINISTRATOR)

    def test_a_table_has_the_capacity_that_it_was_given(self):
        admin = self.make(boto3.client, key=self.served.key_of("administrator"), attempts=0)
        admin.put_item(TableName="slow", Item={"id": {"N": "1"}})
        text = self.fails("ProvisionedThroughputExceededException", admin.put_item, TableName="slow",
                          Item={"id": {"N": "1"}})
        self.assertRegex(text, "^The level of configured provisioned throughput for the table was exceeded")
        self.served.advance("1s")
        admin.put_item(TableName="slow", Item={"id": {"N": "1"}})

    def test_items_stay_for_as_long_as_it_says(self):
        end = 1_893_456_000  # 2030
        self.table.put_item(Item={"key": "k", "expiresAt": end})
        now = self.served.now()
        self.assertLess(now[:4], "2030")
        self.assertIn("Item", self.table.get_item(Key={"key": "k"}))


if __name__ == "__main__":
    unittest.main()
