"""`rushhour init`: what it writes is green at once, and never replaces what is there.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/init_test.py
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

FILES = ["scenarios/secret-read.json", ".github/workflows/rushhour.yml", ".gitlab/rushhour.yml"]


class Init(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def rushhour(self, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)

    def test_writes_a_scenario_that_is_green_and_names_the_next_commands(self):
        done = self.rushhour("init")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for path in FILES:
            self.assertIn(f"wrote {path}\n", done.stdout)
        commands = [line.split() for line in done.stdout.split("next\n")[1].splitlines()]
        self.assertEqual([command[:2] for command in commands],
                         [["rushhour", "check"], ["rushhour", "check"], ["rushhour", "profile"]])
        for command in commands[:2]:
            green = self.rushhour(*command[1:])
            self.assertEqual(green.returncode, 0, green.stdout)
        self.assertEqual(self.rushhour("check", FILES[0], "--baseline").returncode, 0)

    def test_checks_in_ci_what_it_wrote(self):
        self.rushhour("init")
        for path in FILES[1:]:
            text = (self.folder / path).read_text()
            self.assertIn("rushhour check scenarios/*.json --baseline", text)
            self.assertIn("--summary rushhour.md --sarif rushhour.sarif", text)
            self.assertIn("cmake/setup", text)

    def test_the_starters_budgets_can_break(self):
        self.rushhour("init")
        broken = self.rushhour("check", FILES[0], "--set", "world.virustotal.key=public")
        self.assertEqual(broken.returncode, 1, broken.stdout)

    def test_replaces_nothing(self):
        (self.folder / ".gitlab").mkdir()
        (self.folder / FILES[2]).write_text("mine\n")
        done = self.rushhour("init")
        self.assertEqual(done.returncode, 2)
        self.assertIn(".gitlab/rushhour.yml: expected no file there yet, saw one; --force replaces it", done.stderr)
        self.assertEqual((self.folder / FILES[2]).read_text(), "mine\n")
        self.assertFalse((self.folder / FILES[0]).exists(), "nothing is half done")
        self.assertEqual(self.rushhour("init", "--force").returncode, 0)
        self.assertNotEqual((self.folder / FILES[2]).read_text(), "mine\n")

    def test_makes_the_folder_that_it_is_told(self):
        done = self.rushhour("init", "deep/er")
        self.assertEqual(done.returncode, 0)
        self.assertIn("  rushhour check deep/er/scenarios/secret-read.json\n", done.stdout)
        self.assertTrue((self.folder / "deep/er" / FILES[0]).exists())
        (self.folder / "file").write_text("")
        self.assertEqual(self.rushhour("init", "file").returncode, 2)


if __name__ == "__main__":
    unittest.main()
