"""fakes/README.md tells the truth: its commands are run against a served world and their output compared.

    python3 tests/clients/fakes_readme_test.py [--write]      RUSHHOUR=FILE names the executable

A block of ```console holds commands (`$ command`) and, after each, what it prints. They run in one served world, in their
order. Instants and digests, which no two runs share, are all shown as one. --write puts the present output into README.md
instead of comparing.
"""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import served

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "fakes/README.md"
ROUTES = ROOT / "fakes/rushhour/fakes/detail/admin_inl.hpp"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def commands(block):
    """The pairs (command, expected output) of a console block."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def settled(output):
    """The output without what depends on the day."""
    output = INSTANT.sub(lambda found: "2026-03-02T14:00:00" + re.sub(r"\d", "0", found.group(1) or "") + "Z", output)
    return re.sub(r'"digest":"[0-9a-f]+"', '"digest":"0123456789abcdef"', output)


class World:
    """A served world, in which commands are run."""

    def __init__(self):
        self.served = served.Served()
        keys = self.served.admin("GET", "keys?reveal=all").json()["keys"]
        self.environment = {"PATH": os.environ.get("PATH", os.defpath), "URL": self.served.url,
                            "KEY": keys[0]["key"], "NO_PROXY": "*", "no_proxy": "*", "CURL_HOME": os.devnull}

    def output_of(self, command):
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=self.environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return settled(done.stdout)


class FakesReadme(unittest.TestCase):
    maxDiff = None

    def test_its_commands_print_what_it_shows(self):
        world = World()
        self.addCleanup(world.served.stop)
        for block in BLOCK.findall(README.read_text()):
            for command, expected in commands(block):
                with self.subTest(command=command):
                    self.assertEqual(world.output_of(command), expected)

    def test_it_has_an_example_of_every_route(self):
        shown = "\n".join(command for block in BLOCK.findall(README.read_text()) for command, _ in commands(block))
        routes = re.findall(r'\{"(GET|POST|PUT|DELETE)", "([^"]*)", &Admin::', ROUTES.read_text())
        self.assertGreater(len(routes), 20)
        for method, path in routes:
            with self.subTest(method=method, path=path):
                last = "(_rushhour/" + path.replace("*", r"[\w-]+") + ")" + ("" if path else "?")
                of_method = {"GET": r"(?!.* -d)", "POST": r"(?=.*( -d | POST ))"}.get(method, f"(?=.* -X {method} )")
                self.assertRegex(shown, re.compile(rf"^{of_method}.*\$URL/{last}($|[\"? ;])", re.MULTILINE))

    def test_its_links_lead_somewhere(self):
        for target in re.findall(r"\]\(([^)#]+)\)", README.read_text()):
            with self.subTest(target=target):
                self.assertTrue((README.parent / target).exists())


def write():
    world = World()

    def replace(match):
        return "```console\n" + "".join(
            f"$ {command}\n{world.output_of(command)}" for command, _ in commands(match.group(1))) + "```"

    try:
        README.write_text(BLOCK.sub(replace, README.read_text()))
    finally:
        world.served.stop()


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
