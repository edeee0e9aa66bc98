"""`rushhour rules` as CI calls it: exit codes, the text for people, the JSON for machines.

    RUSHHOUR=build/dev/rushhour python3 tests/elastic/rules_test.py

What is read from a rule is tested in rule_test.cpp.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

RULE = """[rule]
name = "{name}"
type = "{type}"
description = "d"
severity = "low"
risk_score = 21
query = "event.action: GetSecretValue"
{rest}
"""
NEW_TERMS = 'new_terms_fields = ["user.id", "user.name"]\nhistory_window_start = "now-7d"'
THRESHOLD = 'threshold = {field = ["user.id"], value = 5}'


class Rules(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, path, name, kind, rest=""):
        path = self.folder / "rules" / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(RULE.format(name=name, type=kind, rest=rest))

    def rules(self, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "rules", *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def test_says_of_each_rule_whether_it_loads(self):
        self.write("a.toml", "one", "new_terms", NEW_TERMS)
        self.write("b.toml", "two", "threshold", THRESHOLD)
        self.write("c.toml", "three", "eql")
        self.write("d.toml", "four", "eql")
        self.write("_deprecated/e.toml", "five", "query")
        self.write("f.toml", "six", "query", 'enabled = false\n[[rule.exceptions_list]]\nlist_id = "scanners"')
        done = self.rules("rules")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, """\
deprecated   rules/_deprecated/e.toml: query, it is deprecated
loaded       rules/a.toml: new_terms of user.id, user.name, now-6m to now every 5m, history from now-7d
loaded       rules/b.toml: threshold of 5 by user.id, now-6m to now every 5m
unsupported  rules/c.toml: eql, EQL, the language of sequences, is not run
unsupported  rules/d.toml: eql, EQL, the language of sequences, is not run
loaded       rules/f.toml: query, now-6m to now every 5m
               it is disabled
               it names exception lists, whose items are not in it: scanners

6 rules
     1 loaded, new_terms
     1 loaded, query
     1 loaded, threshold
     1 deprecated, query: it is deprecated
     2 unsupported, eql: EQL, the language of sequences, is not run
""")

    def test_fails_when_a_rule_is_broken(self):
        self.write("a.toml", "one", "query", 'from = "soon"')
        done = self.rules("rules")
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stdout.startswith('broken       rules/a.toml:8:9: at /rule/from: expected "now" or a date'),
                        done.stdout)
        self.assertTrue(done.stdout.endswith("1 rule\n     1 broken, query\n"), done.stdout)

    def test_reads_the_query_too(self):
        self.write("a.toml", "one", "new_terms", NEW_TERMS)
        text = (self.folder / "rules" / "a.toml").read_text()
        text = text.replace('"event.action: GetSecretValue"', "'''\nevent.action: a\n  and user.id: (b\n'''")
        (self.folder / "rules" / "a.toml").write_text(text)
        done = self.rules("rules")
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stdout.startswith("broken       rules/a.toml:10:1: expected"), done.stdout)

    def test_writes_json(self):
        self.write("a.toml", "one", "new_terms", NEW_TERMS)
        self.write("b.toml", "two", "esql")
        done = self.rules("rules", "--json", "-")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        report = json.loads(done.stdout)
        self.assertEqual(report["format"], "rushhour.rules/1")
        self.assertEqual(report["totals"], [
            {"status": "loaded", "type": "new_terms", "rules": 1},
            {"status": "unsupported", "type": "esql", "reason": "ES|QL is not run", "rules": 1}])
        self.assertEqual(report["rules"][0], {
            "path": "rules/a.toml", "status": "loaded", "name": "one", "type": "new_terms", "from": "now-6m",
            "to": "now", "interval": "5m", "max_signals": 100, "new_terms_fields": ["user.id", "user.name"],
            "history_window_start": "now-7d"})
        self.assertEqual(report["rules"][1]["reason"], "ES|QL is not run")
        to_file = self.rules("rules", "--json", "rules.json")
        self.assertEqual(to_file.returncode, 0)
        self.assertIn("loaded       rules/a.toml", to_file.stdout)
        self.assertEqual(json.loads((self.folder / "rules.json").read_text()), report)

    def test_reads_one_file(self):
        self.write("a.toml", "one", "query")
        done = self.rules("rules/a.toml")
        self.assertEqual((done.returncode, done.stdout),
                         (0, "loaded       rules/a.toml: query, now-6m to now every 5m\n\n1 rule\n     1 loaded, query\n"))

    def test_needs_a_folder(self):
        done = self.rules("nowhere")
        self.assertEqual(done.returncode, 2)
        self.assertIn("rushhour: nowhere: expected a folder of rules", done.stderr)


if __name__ == "__main__":
    unittest.main()
