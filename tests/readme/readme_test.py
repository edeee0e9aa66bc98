"""README.md and scenarios/README.md tell the truth: their commands are run and their output compared, the example is the
tested file.

A block of ```console holds commands (`$ command`) and, after each, exactly what it prints, both streams together. They
run in the project's folder with `rushhour` on the path.

    RUSHHOUR_CLI=build/dev/rushhour python3 tests/readme/readme_test.py [--write]

--write puts the present output and the tested file there instead of comparing.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "scenarios" / "README.md"]
EXAMPLE = ROOT / "tests" / "detect" / "readme_example_test.cpp"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page, kind):
    return [match.group(2) for match in BLOCK.finditer(page.read_text()) if match.group(1) == kind]


def commands(block):
    """The pairs (command, expected output) of a console block."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def output_of(command):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(pathlib.Path(os.environ["RUSHHOUR_CLI"]).resolve(), pathlib.Path(folder) / "rushhour")
        environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"])
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.stdout


class Readme(unittest.TestCase):
    maxDiff = None

    def test_its_commands_print_what_it_shows(self):
        for page in PAGES:
            shown = [pair for block in blocks(page, "console") for pair in commands(block)]
            self.assertGreaterEqual(len(shown), 3, f"{page} shows fewer commands than this test was written for")
            for command, expected in shown:
                with self.subTest(page=page.relative_to(ROOT), command=command):
                    self.assertEqual(output_of(command), expected)

    def test_its_example_is_the_tested_file(self):
        self.assertEqual(blocks(README, "cpp")[0], EXAMPLE.read_text())

    def test_its_links_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
                if "://" not in target:
                    with self.subTest(page=page.relative_to(ROOT), target=target):
                        self.assertTrue((page.parent / target).exists())


def write(page):
    def replace(match):
        kind, content = match.groups()
        if kind == "cpp" and page == README:
            content = EXAMPLE.read_text()
        elif kind == "console":
            content = "".join(f"$ {command}\n{output_of(command)}" for command, _ in commands(content))
        return f"```{kind}\n{content}```"

    page.write_text(BLOCK.sub(replace, page.read_text()))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for each in PAGES:
            write(each)
    else:
        unittest.main()
