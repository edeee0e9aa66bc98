"""What people see of `rushhour run` and `check` on a terminal, and what is left when they press Ctrl-C.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/terminal_test.py
"""

import json
import os
import pathlib
import pty
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# They do not end, or take long: these have tests of their own.
SLOW = [("serve",), ("exec",), ("tune",), ("panther", "run")]
SCENARIO = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "1m",
    "traffic": {"events": 600},
    "detections": [{"name": "reads", "strategy": "alert_context_only", "match": {"share": 0.5}}],
    "world": {"virustotal": {"key": {"premium": {"minute": 600}}}},
    "budgets": ["virustotal.throttled == 0", {"expr": "sts.attempts == 0", "why": "nobody may", "level": "warn"}],
}


class Program(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "quiet.json").write_text(json.dumps(SCENARIO))
        (self.folder / "loud.json").write_text(json.dumps(SCENARIO | {"traffic": {"events": 6000}}))
        (self.folder / "long.json").write_text(
            json.dumps(SCENARIO | {"traffic": {"events": 500_000_000}, "duration": "500h"}))
        self.program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())

    def rushhour(self, *arguments):
        return subprocess.run([self.program, *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)

    def on_terminal(self, *arguments, until=None, **environment):
        """What it writes on a terminal, and its exit code. Presses Ctrl-C once `until` was written."""
        leader, follower = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", **environment}
        process = subprocess.Popen([self.program, *arguments], cwd=self.folder, stdout=follower, stderr=follower,
                                   stdin=follower, start_new_session=True, env=environment)
        os.close(follower)
        limit = threading.Timer(100, process.kill)
        limit.start()
        seen = b""
        while True:
            try:
                seen += os.read(leader, 65536)
            except OSError:  # the last one who wrote has gone
                break
            if until and until in seen:
                process.send_signal(signal.SIGINT)
                until = None
        limit.cancel()
        os.close(leader)
        return seen.decode(), process.wait(timeout=120)


class Terminal(Program):
    def test_says_the_verdict_first(self):
        done = self.rushhour("check", "quiet.json", "loud.json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines()[:2],
                         ["ok    quiet: 0 of 2 budgets broken, and 1 warning",
                          "FAIL  loud: 1 of 2 budgets broken, and 1 warning"])

    def test_keeps_to_eighty_columns(self):
        done = self.rushhour("check", "quiet.json", "loud.json", "--once")
        self.assertEqual([line for line in done.stdout.splitlines() if len(line) > 80], [])

    def test_says_little_when_asked_to_be_quiet(self):
        done = self.rushhour("check", "quiet.json", "loud.json", "--quiet", "--once", "--no-fix")
        self.assertEqual(done.returncode, 1)
        self.assertIn("BROKEN  virustotal.throttled == 0", done.stdout)
        self.assertNotIn("assumed", done.stdout)
        self.assertLess(len(done.stdout.splitlines()), 16, done.stdout)

    def test_has_colour_on_a_terminal_only(self):
        self.assertNotIn("\033", self.rushhour("check", "loud.json", "--once").stdout)
        seen, code = self.on_terminal("check", "loud.json", "--once", NO_COLOR="")
        self.assertEqual(code, 1)
        self.assertIn("\033[1;31mFAIL\033[0m  loud: 1 of 2", seen)

    def test_respects_no_color(self):
        seen, _ = self.on_terminal("check", "loud.json", "--once", NO_COLOR="1")
        self.assertIn("FAIL  loud: 1 of 2", seen)
        self.assertNotIn("\033[1", seen)

    def test_shows_how_far_it_is_and_reports_what_it_has_on_ctrl_c(self):
        seen, code = self.on_terminal("run", "long.json", "--json", "part.json", until=b" left")
        self.assertEqual(code, 130, seen)
        self.assertRegex(seen, r"long +\[[#-]{12}\] +\d+ %  [\d,]+ events/s  [\d a-z]+ left")
        self.assertIn("interrupted after", seen)
        run = json.loads((self.folder / "part.json").read_text())["runs"][0]
        self.assertIs(run["interrupted"], True)
        self.assertGreater(run["events"]["delivered"], 0)
        self.assertLess(run["events"]["delivered"], 500_000_000)
        self.assertEqual(run["events"]["delivered"], run["events"]["processed"], "what had arrived was finished")

    def test_neither_compares_nor_accepts_what_was_interrupted(self):
        seen, code = self.on_terminal("check", "long.json", "--accept", until=b" left")
        self.assertEqual(code, 130, seen)
        self.assertFalse((self.folder / "baselines").exists())


class Help(Program):
    def commands(self, *path):
        """Every command that has none below it, with the words before it."""
        text = self.rushhour(*path, "--help").stdout
        below = re.findall(r"^  (\w+) {2,}", text.partition("Subcommands:")[2], re.M)
        return [each for name in below for each in self.commands(*path, name)] if below else [path]

    def examples(self, path):
        """The commands under the help of a command."""
        lines = self.rushhour(*path, "--help").stdout.partition("\nExamples:\n")[2].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def test_every_command_has_examples(self):
        for path in self.commands():
            self.assertTrue(self.examples(path), path)

    def test_the_examples_run(self):
        """Those whose files are in this repository."""
        shutil.copytree(ROOT / "scenarios", self.folder / "scenarios")
        for path in self.commands():
            for example in self.examples(path):
                words = shlex.split(example)
                files = [word for word in words[1 + len(path):] if "/" in word]
                ours = files and all((self.folder / file).exists() for file in files)
                if not ours or path in SLOW or "|" in words:
                    continue
                with self.subTest(example):
                    done = self.rushhour(*words[1:])
                    self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_completes_commands_options_and_values_in_bash(self):
        script = self.rushhour("completion", "bash").stdout
        (self.folder / "rushhour.bash").write_text(script)

        def complete(*words):
            done = subprocess.run(
                ["bash", "-c", 'source ./rushhour.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rushhour; '
                 'printf "%s\\n" "${COMPREPLY[@]}"', "bash", *words],
                cwd=self.folder, text=True, check=True, stdout=subprocess.PIPE)
            return done.stdout.split()

        self.assertEqual(complete("rushhour", "che"), ["check"])
        self.assertEqual(complete("rushhour", "panther", "te"), ["test"])
        self.assertEqual(complete("rushhour", "run", "x.json", "--tran"), ["--transport"])
        self.assertEqual(complete("rushhour", "run", "--transport", "m"), ["memory"])
        self.assertEqual(complete("rushhour", "run", "lou"), ["loud.json"])
        self.assertIn("--max-calls", complete("rushhour", "panther", "test", "--"))

    def test_completes_in_zsh(self):
        (self.folder / "_rushhour").write_text(self.rushhour("completion", "zsh").stdout)
        leader, follower = pty.openpty()
        process = subprocess.Popen(["zsh", "-f", "-i"], cwd=self.folder, stdin=follower, stdout=follower, stderr=follower,
                                   start_new_session=True, env={**os.environ, "TERM": "dumb", "PS1": ""})
        os.close(follower)
        self.addCleanup(process.kill)

        def write(text, expected):
            os.write(leader, text.encode())
            seen = ""
            while expected not in seen:
                seen += os.read(leader, 4096).decode()

        limit = threading.Timer(60, process.kill)  # its terminal is then closed, and os.read() fails
        limit.start()
        write("fpath=($PWD $fpath); autoload -Uz compinit && compinit -u -D; print re''ady\n", "ready")
        write("rushhour che\t", "rushhour check ")
        write("--tran\t", "--transport ")
        write("dir\t", "direct ")
        limit.cancel()

    def test_has_a_manual_page_without_mistakes(self):
        page = self.rushhour("man").stdout
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for path in self.commands():
            self.assertIn(".SS " + " ".join(path), page)

    def test_the_program_shows_its_exit_codes(self):
        self.assertIn("130 interrupted", self.rushhour("--help").stdout)


if __name__ == "__main__":
    unittest.main()
