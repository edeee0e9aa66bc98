"""`rushhour preview` as people call it: runs of a rule at exact instants, over ECS documents and CloudTrail records.

    RUSHHOUR=build/dev/rushhour python3 tests/elastic/preview_test.py

What executors do is tested in new_terms_conformance_test.cpp, on the same cases. With RUSHHOUR_REAL_CLOUDTRAIL set to a
folder of real records the shipped rules run over them, too.
"""

import collections
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
RULES = HERE.parents[1] / "scenarios" / "rules"
IDENTITY = RULES / "first-secret-read-by-identity.toml"
SECRET = RULES / "first-read-of-secret-by-identity.toml"
ROLE = RULES / "first-secret-read-by-role.toml"

RULE = """[rule]
name = "n"
description = "d"
type = "{type}"
severity = "low"
risk_score = 21
language = "kuery"
query = '''{query}'''
from = "{since}"
interval = "{interval}"
{rest}
"""
NEW_USER = 'new_terms_fields = ["user.id"]\nhistory_window_start = "now-10d"'


def record(event_id, time, identity, action="GetSecretValue", **other):
    """A CloudTrail record of Secrets Manager."""
    return {"eventVersion": "1.11", "userIdentity": identity, "eventTime": time, "eventID": event_id,
            "eventSource": "secretsmanager.amazonaws.com", "eventName": action, "awsRegion": "eu-west-1",
            "sourceIPAddress": "203.0.113.7", "userAgent": "aws-cli/2.17.0 md/awscrt#0.20.11",
            "requestParameters": {"secretId": "shop/database"}, "responseElements": None, "readOnly": True,
            "eventType": "AwsApiCall", "recipientAccountId": "111122223333", **other}


def user(name):
    return {"type": "IAMUser", "principalId": "AIDA" + name.upper(), "userName": name, "accountId": "111122223333",
            "arn": f"arn:aws:iam::111122223333:user/{name}", "accessKeyId": "AKIAEXAMPLE"}


def session(role, name):
    return {"type": "AssumedRole", "principalId": f"AROA{role.upper()}:{name}", "accountId": "111122223333",
            "arn": f"arn:aws:sts::111122223333:assumed-role/{role}/{name}", "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {"sessionIssuer": {
                "type": "Role", "principalId": "AROA" + role.upper(), "accountId": "111122223333", "userName": role,
                "arn": f"arn:aws:iam::111122223333:role/{role}"}, "attributes": {"mfaAuthenticated": "false"}}}


ROOT = {"type": "Root", "principalId": "444455556666", "accountId": "444455556666",
        "arn": "arn:aws:iam::444455556666:root", "accessKeyId": "AKIAROOT"}


class Preview(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write_rule(self, kind="new_terms", query="", rest=NEW_USER, since="now-60m", interval="10m"):
        path = self.folder / "rule.toml"
        path.write_text(RULE.format(type=kind, query=query, rest=rest, since=since, interval=interval))
        return path.name

    def write_documents(self, documents, name="documents.ndjson"):
        (self.folder / name).write_text("".join(json.dumps(document) + "\n" for document in documents))
        return name

    def call(self, rule, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "preview", str(rule), *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def runs(self, rule, documents, *arguments):
        done = self.call(rule, "--documents", self.write_documents(documents), *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def alerts(self, rule, documents, *arguments):
        """(minute of the run, document, terms), of runs in one hour."""
        return [(int(run["started"][14:16]), alert["document"], alert["terms"])
                for run in self.runs(rule, documents, *arguments) for alert in run["alerts"]]


def generated(docs):
    """Documents of a case that has only the first and the last: what differs between them is a number."""
    if isinstance(docs, list):
        return docs
    out = []
    for number in range(docs["generated"]):
        out.append({key: value if value == docs["last"][key] else value[:-len(str(number))] + str(number)
                    for key, value in docs["first"].items()})
    assert out[0] == docs["first"] and out[-1] == docs["last"]
    return out


class Cases(Preview):
    """The conformance cases of new-terms rules."""

    def test_all_with_both_executors(self):
        cases = json.loads((HERE / "new_terms_cases.json").read_text())
        self.assertEqual(len(cases), 47)
        for case in cases:
            for executor in ("agg", "esql"):
                with self.subTest(case["name"], executor=executor):
                    self.assert_case(case, executor)

    def assert_case(self, case, executor):
        rule = case["rule"]
        rest = [f'new_terms_fields = {json.dumps(rule["fields"])}', f'history_window_start = "{rule["history"]}"']
        if rule["timestamp_override"]:
            rest.append(f'timestamp_override = "{rule["timestamp_override"]}"')
        if rule.get("fallback_disabled"):
            rest.append("timestamp_override_fallback_disabled = true")
        if "max_signals" in rule:
            rest.append(f'max_signals = {rule["max_signals"]}')
        query = "{}: {}".format(*case["filter"]) if case["filter"] else ""
        path = self.write_rule(query=query, rest="\n".join(rest), since=rule["from"], interval=rule["interval"])
        documents = [{"_id" if key == "id" else key: value for key, value in document.items()}
                     for document in generated(case["docs"])]
        runs = self.runs(path, documents, "--ecs", "none", "--executor", executor,
                         "--starts", ",".join(map(str, case["executions"])))
        self.assertEqual(len(runs), len(case[executor]))
        for run, expected in zip(runs, case[executor]):
            alerts = [{"doc": alert["document"], "terms": alert["terms"]} for alert in run["alerts"]]
            self.assertEqual((len(alerts), run["truncated"], run["gap_ms"], run["searches"]),
                             tuple(expected[key] for key in ("n", "truncated", "gap_ms", "searches")),
                             expected["at_min"])
            if expected["alerts"] is not None:
                self.assertEqual(alerts, expected["alerts"], expected["at_min"])
            if expected["first"]:
                self.assertEqual(alerts[:len(expected["first"])], expected["first"], expected["at_min"])


class Records(Preview):
    """CloudTrail records as they come from S3."""

    THREE = [record("by-ada", "2026-03-02T14:00:05Z", user("ada")),
             record("by-session", "2026-03-02T14:01:00Z", session("shop", "i-0abc")),
             record("by-root", "2026-03-02T14:02:00Z", ROOT)]
    HOUR = ("--start", "2026-03-02T14:05:00Z", "--end", "2026-03-02T14:20:00Z")

    def test_identities_are_users_sessions_and_root(self):
        for shape in ("fleet", "filebeat"):
            self.assertEqual(self.alerts(IDENTITY, self.THREE, "--ecs", shape, *self.HOUR),
                             [(5, "by-root", ["444455556666"]), (5, "by-ada", ["AIDAADA"]),
                              (5, "by-session", ["AROASHOP:i-0abc"])], shape)

    def test_roles_are_all_who_have_a_name(self):
        for shape in ("fleet", "filebeat"):
            self.assertEqual(self.alerts(ROLE, self.THREE, "--ecs", shape, *self.HOUR),
                             [(5, "by-ada", ["111122223333", "ada"]), (5, "by-session", ["111122223333", "shop"])],
                             shape)

    def test_only_elastic_agent_writes_data_streams(self):
        rule = self.write_rule(query="data_stream.dataset: aws.cloudtrail")
        self.assertEqual(len(self.alerts(rule, self.THREE, "--ecs", "fleet", *self.HOUR)), 3)
        self.assertEqual(self.alerts(rule, self.THREE, "--ecs", "filebeat", *self.HOUR), [])

    def test_secrets_are_told_by_the_request(self):
        batch = {"secretIdList": ["shop/database", "shop/mail"]}
        documents = [record("1", "2026-03-02T14:00:00Z", user("ada")),
                     record("2", "2026-03-02T14:01:00Z", user("ada")),
                     record("3", "2026-03-02T14:02:00Z", user("ada"), requestParameters={"secretId": "shop/mail"}),
                     record("4", "2026-03-02T14:03:00Z", user("ada"), "BatchGetSecretValue", requestParameters=batch)]
        self.assertEqual(self.alerts(SECRET, documents, *self.HOUR),
                         [(5, "1", ["AIDAADA", "{secretId=shop/database}"]),
                          (5, "3", ["AIDAADA", "{secretId=shop/mail}"]),
                          (5, "4", ["AIDAADA", "{secretIdList=[shop/database, shop/mail]}"])])

    def test_failures_browsers_and_other_calls_are_no_reads(self):
        documents = [record("denied", "2026-03-02T14:00:00Z", user("ada"), errorCode="AccessDenied"),
                     record("list", "2026-03-02T14:00:00Z", user("ben"), "ListSecrets"),
                     record("console", "2026-03-02T14:00:00Z", user("cleo"), userAgent=(
                         "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
                         "Safari/537.36"))]
        self.assertEqual(self.alerts(IDENTITY, documents, *self.HOUR), [])

    def test_records_are_read_from_an_array_and_from_a_file_of_s3(self):
        expected = self.call(IDENTITY, "--documents", self.write_documents(self.THREE), *self.HOUR)
        (self.folder / "array.json").write_text(json.dumps(self.THREE, indent=1))
        (self.folder / "s3.json").write_text(json.dumps({"Records": self.THREE}))
        (self.folder / "rest.json").write_text(json.dumps({"Records": self.THREE[2:]}))
        self.assertEqual(expected.stdout.count('"document"'), 3)
        for files in (["array.json"], ["s3.json"], [self.write_documents(self.THREE[:2], "two.ndjson"), "rest.json"]):
            done = self.call(IDENTITY, "--documents", *files, *self.HOUR)
            self.assertEqual((done.stdout, done.stderr, done.returncode), (expected.stdout, "", 0), files)

    def test_what_is_ingested_later_alerts_later(self):
        documents = self.THREE[:1]
        self.assertEqual(self.alerts(ROLE, documents, "--start", "2026-03-02T14:01:00Z", "--end",
                                     "2026-03-02T14:11:00Z"), [(1, "by-ada", ["111122223333", "ada"])])
        self.assertEqual(self.alerts(ROLE, documents, "--start", "2026-03-02T14:01:00Z", "--end",
                                     "2026-03-02T14:11:00Z", "--ingest-delay", "90s"),
                         [(6, "by-ada", ["111122223333", "ada"])])

    def test_runs_from_start_to_end_every_interval(self):
        runs = self.runs(IDENTITY, self.THREE, "--start", "2026-03-02T13:50:00Z", "--end", "2026-03-02T14:19:59Z")
        self.assertEqual([run["started"] for run in runs],
                         ["2026-03-02T13:50:00.000Z", "2026-03-02T14:00:00.000Z", "2026-03-02T14:10:00.000Z"])
        self.assertEqual([len(run["alerts"]) for run in runs], [0, 0, 3])

    def test_runs_until_the_last_document_leaves_the_look_back(self):
        """The first run starts an interval after the first document."""
        runs = self.runs(IDENTITY, self.THREE)
        self.assertEqual([run["started"][11:19] for run in runs],
                         ["14:10:05", "14:20:05", "14:30:05", "14:40:05", "14:50:05", "15:00:05"])
        self.assertEqual(sum(len(run["alerts"]) for run in runs), 3)

    def test_starts_are_iso_8601_or_milliseconds(self):
        runs = self.runs(IDENTITY, self.THREE, "--starts",
                         "2026-03-02T14:05:00Z,1772460600000,2026-03-02T15:20:00+01:00")
        self.assertEqual([run["started"] for run in runs],
                         ["2026-03-02T14:05:00.000Z", "2026-03-02T14:10:00.000Z", "2026-03-02T14:20:00.000Z"])


class Documents(Preview):
    """ECS documents as they come from Elasticsearch."""

    HOUR = ("--ecs", "none", "--starts", "2026-03-02T14:10:00Z,2026-03-02T14:20:00Z")

    def test_nested_and_flat_ones_are_the_same(self):
        flat = [{"_id": str(number), "@timestamp": f"2026-03-02T14:0{number}:00Z", "event.action": action,
                 "event.outcome": "success", "user.id": identity}
                for number, (action, identity) in enumerate(
                    [("GetSecretValue", "a"), ("PutSecretValue", "b"), ("GetSecretValue", ["c", "a"])])]
        nested = [{"_id": one["_id"], "@timestamp": one["@timestamp"], "user": {"id": one["user.id"]},
                   "event": {"action": one["event.action"], "outcome": one["event.outcome"]}} for one in flat]
        mixed = [{"_id": one["_id"], "@timestamp": one["@timestamp"], "user": {"id": one["user.id"]},
                  "event": {"outcome": one["event.outcome"]}, "event.action": one["event.action"]} for one in flat]
        rule = self.write_rule(query="event.action: GetSecretValue and event.outcome: success")
        for documents in (flat, nested, mixed):
            self.assertEqual(self.alerts(rule, documents, *self.HOUR), [(10, "0", ["a"]), (10, "2", ["c"])])

    def test_what_comes_late_without_event_ingested_is_looked_for_at_its_own_time(self):
        documents = [{"_id": "x", "@timestamp": "2026-03-02T14:05:00Z", "user.id": "a"}]
        rule = self.write_rule(since="now-10m")
        self.assertEqual(self.alerts(rule, documents, *self.HOUR), [(10, "x", ["a"])])
        self.assertEqual(self.alerts(rule, documents, *self.HOUR, "--ingest-delay", "6m"), [])
        self.assertEqual(self.alerts(self.write_rule(since="now-20m"), documents, *self.HOUR, "--ingest-delay", "6m"),
                         [(20, "x", ["a"])])

    def test_of_several_oldest_documents_one_stands_for_the_term_or_each_in_turns(self):
        documents = [{"_id": name, "@timestamp": "2026-03-02T14:05:00Z", "user.id": "a"} for name in ("x", "y")]
        rule = self.write_rule()
        (stable,) = self.alerts(rule, documents, *self.HOUR, "--ties", "stable")
        self.assertEqual((stable[0], stable[2]), (10, ["a"]))
        for arguments in (("--ties", "alternating"), ()):
            alternating = self.alerts(rule, documents, *self.HOUR, *arguments)
            self.assertEqual([(minute, terms) for minute, _, terms in alternating], [(10, ["a"]), (20, ["a"])])
            self.assertEqual({document for _, document, _ in alternating}, {"x", "y"})

    def test_a_query_rule_alerts_once_of_each_document(self):
        documents = [{"_id": str(number), "@timestamp": f"2026-03-02T14:0{number}:00Z", "user.id": "a",
                      "event.action": "Put" if number == 1 else "Get"} for number in range(4)]
        rule = self.write_rule("query", "event.action: Get", rest="")
        self.assertEqual(self.alerts(rule, documents, *self.HOUR), [(10, "0", []), (10, "2", []), (10, "3", [])])
        runs = self.runs(self.write_rule("query", "event.action: Get", rest="max_signals = 2"), documents, *self.HOUR)
        self.assertEqual([[alert["document"] for alert in run["alerts"]] for run in runs], [["0", "2"], ["3"]])
        self.assertEqual([run["truncated"] for run in runs], [True, False])

    def test_a_threshold_rule_alerts_of_large_enough_groups(self):
        documents = [{"_id": f"{who}{number}", "@timestamp": f"2026-03-02T14:0{number}:00Z", "user.id": who,
                      "event.action": f"Get{number}" if who == "a" else "Get"}
                     for number in range(3) for who in ("a", "b", "c") if (who, number) != ("c", 2)]
        rule = self.write_rule("threshold", rest='threshold = {field = ["user.id"], value = 3}')
        self.assertEqual(sorted(self.alerts(rule, documents, *self.HOUR)), [(10, "a2", ["a"]), (10, "b2", ["b"])])
        rule = self.write_rule("threshold", rest='threshold = {field = ["user.id"], value = 3, '
                                                 'cardinality = [{field = "event.action", value = 2}]}')
        self.assertEqual(self.alerts(rule, documents, *self.HOUR), [(10, "a2", ["a"])])


class Exceptions(Preview):
    """With the lists beside the shipped rules."""

    HOUR = ("--starts", "2026-03-02T14:10:00Z")

    def excepted(self, rule, documents, name, *arguments):
        """The documents that alert without the list, and do not with it."""
        plain = {document for _, document, _ in self.alerts(rule, documents, *arguments)}
        left = {document for _, document, _ in
                self.alerts(rule, documents, *arguments, "--exceptions", str(RULES / "exceptions" / name))}
        self.assertEqual(plain, {document["eventID"] for document in documents})
        self.assertLessEqual(left, plain)
        return plain - left

    def test_known_networks(self):
        by_service = session("deploy", "s3") | {"invokedBy": "cloudformation.amazonaws.com"}
        documents = [
            record("build", "2026-03-02T14:00:00Z", session("build", "1"), sourceIPAddress="192.0.2.7"),
            record("build's root", "2026-03-02T14:00:00Z", ROOT, sourceIPAddress="192.0.2.8"),
            record("elsewhere", "2026-03-02T14:00:00Z", session("build", "2"), sourceIPAddress="192.0.3.7"),
            record("service", "2026-03-02T14:00:00Z", by_service, sourceIPAddress="cloudformation.amazonaws.com"),
            record("no service", "2026-03-02T14:00:00Z", session("deploy", "s4"),
                   sourceIPAddress="cloudformation.amazonaws.com")]
        self.assertEqual(self.excepted(IDENTITY, documents, "known-networks.json", *self.HOUR), {"build", "service"})

    def known_user_agents(self, year):
        terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) aws-sdk-go/1.44.122"
        time = f"{year}-03-02T14:00:00Z"
        documents = [
            record("plan", time, session("deployment", "1"), userAgent=terraform),
            record("someone's plan", time, user("ada"), userAgent=terraform),
            record("old plan", time, session("deployment", "2"), userAgent="Terraform/0.14 aws-sdk-go/1.44.122"),
            record("rotation", time, session("secrets-rotation", "1"), userAgent="Boto3/1.28 Botocore/1.31"),
            record("rotation by hand", time, session("secrets-rotation", "2")),
            record("no rotation", time, session("shop", "1"), userAgent="Boto3/1.28 Botocore/1.31")]
        return self.excepted(IDENTITY, documents, "known-user-agents.json", "--starts", f"{year}-03-02T14:10:00Z")

    def test_known_user_agents(self):
        self.assertEqual(self.known_user_agents(2026), {"plan", "rotation"})

    def test_items_expire(self):
        self.assertEqual(self.known_user_agents(2027), {"plan"})


class Full(Preview):
    """`--alerts full`: what an analyst wants to know first."""

    HOUR = ("--starts", "2026-03-10T12:10:00Z", "--alerts", "full")

    def one(self, rule, documents):
        (run,) = self.runs(rule, documents, *self.HOUR)
        (alert,) = [alert for alert in run["alerts"] if alert["document"] == "it"]
        return alert

    def test_has_what_the_rule_says(self):
        alert = self.one(IDENTITY, [record("it", "2026-03-10T12:00:00Z", user("ada"))])
        rule = alert["rule"]
        self.assertEqual((rule["id"], rule["name"], rule["severity"], rule["risk_score"]),
                         ("cdcb9a79-0253-47ef-8de9-efdc9db65755",
                          "Secret value retrieved by an identity for the first time", "medium", 47))
        (threat,) = rule["threat"]
        self.assertEqual((threat["framework"], threat["tactic"]["id"]), ("MITRE ATT&CK", "TA0006"))
        self.assertEqual([technique["id"] for technique in threat["techniques"]], ["T1555", "T1555.006"])
        self.assertEqual(rule["tags"], ["Domain: Cloud", "Data Source: AWS CloudTrail",
                                        "Service: AWS Secrets Manager", "Tactic: Credential Access"])
        self.assertEqual(len(rule["references"]), 4)
        self.assertEqual(rule["references"][-1], "https://attack.mitre.org/techniques/T1555/006/")
        self.assertEqual(len(rule["false_positives"]), 2)
        self.assertIn("A function that rotates secrets", rule["false_positives"][1])
        self.assertIn("## Triage", rule["note"])

    def test_has_where_the_call_came_from(self):
        alert = self.one(IDENTITY, [record("it", "2026-03-10T12:00:00Z", user("ada"))])
        self.assertEqual({key: value for key, value in alert.items() if "." in key or "@" in key}, {
            "@timestamp": "2026-03-10T12:00:00.000Z", "user_agent.original": "aws-cli/2.17.0 md/awscrt#0.20.11",
            "source.address": "203.0.113.7", "aws.cloudtrail.request_parameters": "{secretId=shop/database}"})
        self.assertEqual((alert["document"], alert["terms"], alert["identity"]), ("it", ["AIDAADA"], "AIDAADA"))
        bare = record("it", "2026-03-10T12:00:00Z", ROOT)
        for key in ("userAgent", "sourceIPAddress", "requestParameters"):
            del bare[key]
        alert = self.one(IDENTITY, [bare])
        self.assertEqual([alert[key] for key in ("user_agent.original", "source.address",
                                                 "aws.cloudtrail.request_parameters")], [None, None, None])

    def test_counts_who_else_did_the_same_and_what_the_identity_did_before(self):
        ada, ben, cleo, dan = user("ada"), user("ben"), user("cleo"), user("dan")
        alert = self.one(IDENTITY, [
            record("it", "2026-03-10T12:00:00Z", ada),
            record("2", "2026-03-10T11:00:00Z", ada, errorCode="AccessDenied"),
            record("3", "2026-03-10T10:00:00Z", ada, "ListSecrets"),
            record("4", "2026-03-10T09:00:00Z", ada, "ListSecrets"),
            record("5", "2026-03-09T06:00:00Z", ada, "CreateSecret"),
            record("6", "2026-03-09T05:00:00Z", ada, "ListSecrets"),
            record("7", "2026-03-08T11:00:00Z", ada, "DeleteSecret"),   # 49 hours before
            record("8", "2026-03-10T12:05:00Z", ada, "ListSecrets"),    # after it
            record("9", "2026-03-10T10:00:00Z", ben, "ListSecrets"),
            record("10", "2026-03-05T12:00:00Z", ben),
            record("11", "2026-03-06T12:00:00Z", ben),
            record("12", "2026-03-06T12:00:00Z", cleo),
            record("13", "2026-03-06T12:00:00Z", dan, errorCode="AccessDenied"),
            record("14", "2026-03-06T12:00:00Z", session("shop", "1"), "BatchGetSecretValue"),
            record("15", "2026-03-10T12:06:00Z", session("shop", "2"))])
        self.assertEqual(alert["other_identities_that_did_the_same"], 2)  # ben and cleo
        self.assertEqual(alert["actions_of_identity_in_last_24_hours"], {"GetSecretValue": 1, "ListSecrets": 2})
        self.assertEqual(alert["actions_of_identity_in_last_48_hours"],
                         {"GetSecretValue": 1, "ListSecrets": 3, "CreateSecret": 1})


class Mistakes(Preview):
    def setUp(self):
        super().setUp()
        self.write_documents([{"_id": "x", "@timestamp": "2026-03-02T14:05:00Z", "user.id": "a"}])

    def assert_fails(self, rule, *arguments, words, documents="documents.ndjson"):
        done = self.call(rule, "--documents", documents, "--ecs", "none", *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_rules_that_are_not_run(self):
        self.assert_fails(self.write_rule("eql", "any where true", rest=""),
                          words=["rushhour: rule.toml: ", "EQL, the language of sequences, is not run"])
        self.assert_fails(self.write_rule("esql", "from x", rest=""), words=["rule.toml", "ES|QL is not run"])

    def test_queries_at_their_place_in_the_rule(self):
        self.assert_fails(self.write_rule(query="\nuser.id: a\n  and user.name: (b\n"),
                          words=["rule.toml:11:1: expected"])
        self.assert_fails(self.write_rule(query="\nuser.id: a\n  and user.name: (b or )\n"),
                          words=["rule.toml:10:24: expected"])
        self.assert_fails(self.write_rule(query="\nuser.id: null\n"), words=["rule.toml:9:10: ", "not field:*"])

    def test_rules_that_cannot_be(self):
        self.assert_fails(self.write_rule(rest=NEW_USER.replace("10d", "30m")), words=["rule.toml", "history"])
        self.assert_fails("none.toml", words=["none.toml"])
        self.assert_fails(self.write_rule(since="soon"), words=["rule.toml:9:9: at /rule/from: "])

    def test_times(self):
        rule = self.write_rule()
        self.assert_fails(rule, "--starts", "soon", words=["--starts", '"soon"'])
        self.assert_fails(rule, "--starts", "0,,1", words=["--starts", '""'])
        self.assert_fails(rule, "--starts", "1000,999", words=["--starts", "ever later"])
        self.assert_fails(rule, "--starts", "1000", "--end", "2000", words=["--starts", "--end"])
        self.assert_fails(rule, "--start", "2026-13-02T14:00:00Z", words=["--start", "2026-13-02T14:00:00Z"])
        self.assert_fails(rule, "--end", "late", words=["--end", '"late"'])
        self.assert_fails(rule, "--ingest-delay", "soon", words=["--ingest-delay", '"soon"'])

    def test_times_beyond_those_that_can_be_told(self):
        """Of the years 1678 to 2261, in nanoseconds."""
        rule = self.write_rule()
        beyond = "99999999999999999"  # the year 3170843
        self.assert_fails(rule, "--starts", beyond, words=["--starts", beyond])
        self.assert_fails(rule, "--start", beyond, words=["--start", beyond])
        self.assert_fails(rule, "--end", beyond, words=["--end", beyond])
        self.write_documents([{"_id": "x", "@timestamp": int(beyond), "user.id": "a"}], "beyond.ndjson")
        self.assert_fails(rule, documents="beyond.ndjson", words=["beyond.ndjson", "document 1", "@timestamp"])

    def test_an_end_before_the_start(self):
        self.assert_fails(self.write_rule(), "--start", "2026-03-02T14:00:00Z", "--end", "2026-03-01T14:00:00Z",
                          words=["--start", "--end"])

    def test_choices(self):
        rule = self.write_rule()
        self.assert_fails(rule, "--executor", "eql", words=["--executor", "agg", "esql"])
        self.assert_fails(rule, "--ties", "random", words=["--ties", "stable"])
        self.assert_fails(rule, "--alerts", "all", words=["--alerts", "brief"])

    def test_documents(self):
        rule = self.write_rule()
        self.write_documents([{"_id": "x", "@timestamp": 1}, {"_id": "y", "user.id": "a"}], "timeless.ndjson")
        self.assert_fails(rule, documents="timeless.ndjson", words=["timeless.ndjson", "document 2", "@timestamp"])
        (self.folder / "broken.ndjson").write_text('{"@timestamp": 1}\n{"@timestamp": }\n')
        self.assert_fails(rule, documents="broken.ndjson", words=["broken.ndjson: "])
        self.assert_fails(rule, documents="none.ndjson", words=["none.ndjson: "])

    def test_records_without_a_time(self):
        done = self.call(self.write_rule(), "--documents", "documents.ndjson")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("documents.ndjson: expected in document 1 an eventTime", done.stderr)
        self.assertIn("--ecs none", done.stderr)

    def test_exceptions(self):
        rule = self.write_rule()
        self.assert_fails(rule, "--exceptions", "none.json", words=["none.json"])
        (self.folder / "broken.json").write_text('[{"entries": [{"field": "user.id", "type": "soon"}]}]')
        self.assert_fails(rule, "--exceptions", "broken.json", words=["broken.json"])


def java(value):
    """As toString() of Java's HashMap writes it, whose order is that of its 16 buckets while keys are few."""
    if isinstance(value, dict):
        assert len(value) <= 12
        return "{" + ", ".join(f"{key}={java(value[key])}" for key in sorted(value, key=bucket)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(java, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def bucket(key):
    code = 0
    for letter in key:
        code = (code * 31 + ord(letter)) & 0xffffffff
    return (code ^ code >> 16) & 15


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class RealRecords(Preview):
    """The shipped rules over real records, against a search of all documents anew at each run."""

    START, END = "2024-07-30T00:00:00Z", "2024-12-02T00:00:00Z"

    @classmethod
    def setUpClass(cls):
        folder = os.environ.get("RUSHHOUR_REAL_CLOUDTRAIL")
        if not folder:
            raise unittest.SkipTest("set RUSHHOUR_REAL_CLOUDTRAIL to the folder of real records to run this")
        cls.files = sorted(map(str, pathlib.Path(folder).glob("*.json")))
        cls.records = [each for path in cls.files for each in json.loads(pathlib.Path(path).read_text())]

    def reads(self, terms_of):
        """(time, id, terms) of each successful read of a secret by a program."""
        out = []
        for each in self.records:
            if each["eventName"] not in ("GetSecretValue", "BatchGetSecretValue") or each.get("errorCode"):
                continue
            self.assertEqual(each["eventSource"], "secretsmanager.amazonaws.com")
            self.assertNotIn("Mozilla", each["userAgent"])
            out.append((seconds(each["eventTime"]), each["eventID"], terms_of(each)))
        return sorted(out)

    def expected(self, reads, starts, look_back, history):
        """Of each run with alerts: its start, and of each alert the terms and the documents that may stand for them."""
        out, seen = {}, set()
        for start in starts:
            known = {terms for time, _, terms in reads if start - history <= time <= start - look_back}
            recent = [read for read in reads if start - look_back < read[0] <= start and read[2] not in known]
            count = collections.Counter(terms for _, _, terms in recent)
            for terms in sorted(count, key=lambda each: (len(each) == 1 and -count[each], each)):
                oldest = min(time for time, _, each in recent if each == terms)
                if (terms, oldest) not in seen:
                    seen.add((terms, oldest))
                    same = {each for time, each, of in recent if (time, of) == (oldest, terms)}
                    out.setdefault(start, []).append((terms, same))
        return out

    def assert_found(self, rule, terms_of, interval, look_back, history, how_many):
        starts = range(seconds(self.START), seconds(self.END) + 1, interval)
        self.assertTrue(all(starts[0] < seconds(each["eventTime"]) < starts[-1] - look_back for each in self.records))
        expected = self.expected(self.reads(terms_of), starts, look_back, history)
        self.assertEqual(sum(map(len, expected.values())), how_many)
        done = self.call(rule, "--documents", *self.files, "--start", self.START, "--end", self.END, "--ties", "stable")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        runs = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([seconds(run["started"]) for run in runs], list(starts))
        found = {seconds(run["started"]): run["alerts"] for run in runs if run["alerts"]}
        self.assertEqual({at: [tuple(alert["terms"]) for alert in alerts] for at, alerts in found.items()},
                         {at: [terms for terms, _ in alerts] for at, alerts in expected.items()})
        for at, alerts in found.items():
            for alert, (_, oldest) in zip(alerts, expected[at], strict=True):
                self.assertIn(alert["document"], oldest)
        self.assertFalse([run for run in runs if run["truncated"] or run["gap_ms"]])

    def test_by_identity(self):
        self.assert_found(IDENTITY, lambda each: (each["userIdentity"]["principalId"],), 600, 3600, 10 * 86400, 2)

    def test_by_identity_and_secret(self):
        self.assert_found(SECRET, lambda each: (each["userIdentity"]["principalId"], java(each["requestParameters"])),
                          600, 3600, 15 * 86400, 21)

    def test_by_role(self):
        self.assert_found(ROLE, lambda each: (each["userIdentity"]["accountId"], each["userIdentity"]["userName"]),
                          300, 360, 5 * 86400, 2)


if __name__ == "__main__":
    unittest.main()
