"""The files of scenarios/ci, to be copied into workflows: their YAML parses, what they name is there, and every command
of rushhour in them runs as it is written.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/workflows_test.py

Needs Debian's python3-yaml (cmake/setup test).
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import yaml

CI = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "ci"
SCENARIO = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "1m",
    "traffic": {"events": 100},
    "detections": [{"name": "reads", "strategy": "call_in_rule", "match": {"share": 1}}],
    "world": {"virustotal": {"key": {"premium": {"minute": 600}}}},
    "budgets": ["sts.calls <= 100"],
}


def read(name):
    return yaml.safe_load((CI / name).read_text())


class Workflows(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "scenarios").mkdir()
        self.write(SCENARIO)
        self.program = pathlib.Path(os.environ["RUSHHOUR"]).resolve()
        self.shell('rushhour check scenarios/secret-read.json --accept', 0)

    def write(self, scenario):
        (self.folder / "scenarios/secret-read.json").write_text(json.dumps(scenario))

    def shell(self, script, code, environment=None):
        """Runs the script as a runner does: in the checkout, ending at the first failure."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        path = f"{self.program.parent}:{own['PATH']}"
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=self.folder, text=True,
                              check=False, env={**own, "PATH": path, **(environment or {})},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def act(self, inputs, code):
        """The composite action with these inputs; its defaults for the others."""
        action = read("action.yml")
        self.assertLessEqual(set(inputs), set(action["inputs"]))
        values = {name: str(inputs.get(name, of.get("default", ""))) for name, of in action["inputs"].items()}
        values = {name: {"True": "true"}.get(value, value) for name, value in values.items()}
        github = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.folder), "GITHUB_ACTION_PATH": str(CI),
                  "GITHUB_STEP_SUMMARY": str(self.folder / "step.md"), "GITHUB_PATH": str(self.folder / "path")}
        out = ""
        for step in action["runs"]["steps"]:
            self.assertEqual(step["shell"], "bash")
            for name, value in step.get("env", {}).items():
                github[name] = values[value.removeprefix("${{ inputs.").removesuffix(" }}")]
            is_last = step is action["runs"]["steps"][-1]
            out += self.shell(step["run"], code if is_last else 0, github)
        return out

    def test_the_workflow_for_github_uses_the_action_as_it_is(self):
        workflow = read("github.yml")
        steps = workflow["jobs"]["scenarios"]["steps"]
        ours = next(step for step in steps if "/scenarios/ci@" in step.get("uses", ""))
        self.act(ours["with"], 0)
        reports = self.folder / "rushhour-reports"
        sarif = next(step for step in steps if "upload-sarif" in step.get("uses", ""))
        self.assertTrue((self.folder / sarif["with"]["sarif_file"]).is_file())
        uploaded = next(step for step in steps if "upload-artifact" in step.get("uses", ""))
        self.assertTrue((self.folder / uploaded["with"]["path"]).is_dir())
        chart = next(step for step in workflow["jobs"]["trend"]["steps"] if "benchmark" in step.get("uses", ""))
        self.assertTrue(json.loads((reports / chart["with"]["output-file-path"]).read_text()))
        self.assertIn("rushhour: the budget holds", (self.folder / "step.md").read_text())

    def test_the_action_turns_a_pull_request_red(self):
        self.write({**SCENARIO, "budgets": ["sts.calls <= 99"]})
        out = self.act({"scenarios": "scenarios/secret-read.json"}, 1)
        self.assertIn("::error file=scenarios/secret-read.json,line=1,", out)
        self.assertTrue((self.folder / "rushhour-reports/rushhour.sarif").is_file())

    def test_the_action_takes_several_scenarios_and_seeds(self):
        (self.folder / "scenarios/other.json").write_text(json.dumps(SCENARIO))
        out = self.act({"scenarios": "scenarios/secret-read.json\n  scenarios/other.json\n", "seeds": 3}, 0)
        self.assertIn("other less secret-read, each seed with itself: no difference", out)

    def test_the_pipeline_for_gitlab_runs_as_written(self):
        job = read("gitlab.yml")["rushhour"]
        commands = [line for line in job["script"] if line.startswith("rushhour ")]
        self.assertTrue(commands)
        for command in commands:
            self.shell(command, 0)
        for path in [job["artifacts"]["reports"]["junit"], *job["artifacts"]["paths"]]:
            self.assertTrue((self.folder / path).is_file(), path)


if __name__ == "__main__":
    unittest.main()
