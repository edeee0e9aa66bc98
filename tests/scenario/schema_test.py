#!/usr/bin/python3
"""The three schemas in scenarios/ against what they describe; run from the project's folder.

Scenarios that load are valid, and none of the changes in data/refused.json is: scenario_test.cpp shows that the loader
refuses each of them too, and loads the same scenarios. Needs Debian's python3-jsonschema.
"""
import copy
import json
import pathlib
import re
import sys

import jsonschema

DATA = pathlib.Path("tests/scenario/data")
SCENARIOS = pathlib.Path("scenarios")
failures = []


def check(holds, message):
    if not holds:
        failures.append(message)


def read(path):
    """JSON with // and /* */ comments, which json.loads does not know."""
    token = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
    text = path.read_text(encoding="utf-8")
    return json.loads(token.sub(lambda match: match[0] if match[0].startswith('"') else " ", text))


def changed(document, change):
    """A copy with one value set or removed at a JSON pointer."""
    document = copy.deepcopy(document)
    *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in change["at"].split("/")[1:])
    parent = document
    for step in steps:
        parent = parent[int(step) if isinstance(parent, list) else step]
    last = int(last) if isinstance(parent, list) else last
    if "value" in change:
        parent[last] = change["value"]
    else:
        del parent[last]
    return document


def errors(validator, document):
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def keys_of_schema(schema):
    """Every key that the schema gives a meaning."""
    if isinstance(schema, list):
        return set().union(*map(keys_of_schema, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    properties = schema.get("properties", {})
    found = set(properties)
    for name, child in schema.items():
        found |= keys_of_schema(list(child.values()) if name in ("properties", "$defs") else child)
    return found


def keys_of(document):
    if isinstance(document, list):
        return set().union(*map(keys_of, document)) if document else set()
    if not isinstance(document, dict):
        return set()
    return set(document) | keys_of(list(document.values()))


def open_objects(schema, pointer=""):
    """Objects that name their properties and yet let others pass."""
    if isinstance(schema, list):
        return [hit for i, child in enumerate(schema) for hit in open_objects(child, f"{pointer}/{i}")]
    if not isinstance(schema, dict):
        return []
    hits = [hit for name, child in schema.items() for hit in open_objects(child, f"{pointer}/{name}")]
    conditional = pointer.rsplit("/", 1)[-1] in ("if", "then", "else", "not")
    in_properties = pointer.rsplit("/", 1)[-1] in ("properties", "$defs")
    if "properties" in schema and not conditional and not in_properties and schema.get("additionalProperties") is not False:
        hits.append(pointer or "/")
    return hits


def validator_of(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    check(not open_objects(schema), f"{path} lets unknown keys pass at {open_objects(schema)}")
    return jsonschema.Draft202012Validator(schema)


def test_scenarios():
    validator = validator_of(SCENARIOS / "schema.json")
    bases = {name: read(DATA / f"{name}.json") for name in ("everything", "recorded", "burst", "diurnal", "shape", "rules", "history", "panther")}
    shipped = [path for path in sorted(SCENARIOS.glob("*.json")) if not path.name.endswith("schema.json")]
    check(len(shipped) >= 2, "the shipped scenarios are missing")
    for path in shipped + [DATA / f"{name}.json" for name in bases] + [pathlib.Path("tests/report/tiny.json")]:
        check(not errors(validator, read(path)), f"{path} is refused: {errors(validator, read(path))}")
    unused = keys_of_schema(validator.schema) - set().union(*map(keys_of, bases.values()))
    check(not unused, f"no scenario in {DATA} uses {sorted(unused)}")
    refused = read(DATA / "refused.json")
    for change in refused:
        document = changed(bases[change["to"]], change)
        check(errors(validator, document), f"the schema accepts what the loader refuses: {change}")
    return len(refused)


def test_report():
    validator = validator_of(SCENARIOS / "report.schema.json")
    report = read(pathlib.Path("tests/report/tiny.report.json"))
    check(not errors(validator, report), f"the report is refused: {errors(validator, report)}")
    rare = {"interrupted", "settings"}  # seen in terminal_test.py and matrix_test.py
    unused = keys_of_schema(validator.schema) - keys_of(report) - rare
    check(not unused, f"the report has no {sorted(unused)}")
    changes = [
        {"at": "/format", "value": "rushhour.report/2"},
        {"at": "/runs/0/digest"},
        {"at": "/runs/0/extra", "value": 1},
        {"at": "/runs/0/events", "value": 1.5},
        {"at": "/runs/0/scenario_digest", "value": 7},
        {"at": "/runs/0/end", "value": "2026-03-02T14:00:00Z"},
        {"at": "/runs/0/operations/0/amplification", "value": 1.25},
        {"at": "/runs/0/operations/0/amplification", "value": [5, 0]},
        {"at": "/runs/0/operations/0/attempts/peak_per_second/begin"},
        {"at": "/runs/0/operations/0/first_throttle", "value": [None]},
        {"at": "/runs/0/operations/0/limits/0/evidence", "value": "SEEN"},
        {"at": "/runs/0/budgets/0/holds", "value": 0},
    ]
    for change in changes:
        check(errors(validator, changed(report, change)), f"the schema of reports accepts {change}")
    return len(changes)


def test_states():
    validator = validator_of(SCENARIOS / "state.schema.json")
    states = [read(path) for path in sorted((SCENARIOS / "states").glob("*.json"))]
    check(states, "the shipped states are missing")
    for state in states:
        check(not errors(validator, state), f"a shipped state is refused: {errors(validator, state)}")
    unused = keys_of_schema(validator.schema) - set().union(*map(keys_of, states))
    check(not unused, f"no shipped state uses {sorted(unused)}")
    changes = read(DATA / "refused_states.json")
    for change in changes:
        check(errors(validator, changed(states[-1], change)), f"the schema of states accepts {change}")
    return len(changes)


if __name__ == "__main__":
    count = test_scenarios() + test_report() + test_states()
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{count} changes refused, {len(failures)} failures")
    sys.exit(1 if failures else 0)
