"""`rushhour match` as people and CI call it: a line for each document, exit codes as grep's, mistakes with their place.

    RUSHHOUR=build/dev/rushhour python3 tests/elastic/match_test.py

What queries mean is tested in kql_meaning_test.cpp.
"""

import gzip
import os
import pathlib
import subprocess
import tempfile
import unittest

NDJSON = ('{"event.action": "GetSecretValue", "bytes": 5}\n'
          '{"event": {"action": "ListSecrets"}}\n'
          '\n'
          '{"event": {"action": ["PutSecretValue", "GetRandomPassword"]}}')


class Match(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def match(self, *arguments, **documents):
        """Runs it in a folder with the documents, each a file `NAME.json`, named in their order."""
        for name, document in documents.items():
            (self.folder / f"{name}.json").write_bytes(document if isinstance(document, bytes) else document.encode())
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "match", *arguments, *(f"{name}.json" for name in documents)],
                              cwd=self.folder, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=60)

    def assert_answers(self, result, output, status):
        self.assertEqual((result.stdout, result.stderr, result.returncode), (output, "", status))

    def assert_fails(self, result, *words):
        self.assertEqual(result.returncode, 2, result.stdout)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_answers_for_each_document_of_a_file(self):
        self.assert_answers(self.match("event.action: Get*", a=NDJSON), "true\nfalse\ntrue\n", 0)

    def test_reads_arrays_records_and_gzip_file_after_file(self):
        result = self.match("k: a", a='[{"k": "a"},\n {"k": "b"}]', b='{"Records": [{"k": ["b", "a"]}]}',
                            c=gzip.compress(b'{"k": "c"}\n'))
        self.assert_answers(result, "true\nfalse\ntrue\nfalse\n", 0)

    def test_ends_with_1_when_nothing_matches(self):
        self.assert_answers(self.match("k: z", a='{"k": "a"}'), "false\n", 1)

    def test_counts(self):
        self.assert_answers(self.match("--count", "event.action: Get*", a=NDJSON), "2\n", 0)
        self.assert_answers(self.match("--count", "event.action: x", a=NDJSON), "0\n", 1)

    def test_takes_the_empty_query_as_everything(self):
        self.assert_answers(self.match("--count", "", a=NDJSON), "3\n", 0)

    def test_tells_mistakes_at_their_place_in_the_query(self):
        self.assert_fails(self.match("k: (a", a="{}"), 'query:1:6: expected ")", AND, OR, saw end of input')
        self.assert_fails(self.match("k: null", a="{}"), "query:1:4:", "not field:*")

    def test_tells_mistakes_at_their_place_in_the_file(self):
        self.assert_fails(self.match("k: a", a='{"k": "a"}\n{"k": }\n'), "a.json: ", "at byte 1")
        self.assert_fails(self.match("k: a", a='[{"k": "a"}, 5]'), "a.json: ", "at byte 13")
        self.assert_fails(self.match("k: a", "missing.json"), "missing.json: ", "nothing there")
        self.assert_fails(self.match("k: a", "."), "a folder")

    def test_refuses_options_that_it_does_not_know(self):
        self.assert_fails(self.match("--ecs", "ocsf", "k: a", a="{}"), "none")
        self.assert_fails(self.match("--now", "soon", "k: a", a="{}"), "--now")
        self.assert_fails(self.match("k: a"), "file")


if __name__ == "__main__":
    unittest.main()
