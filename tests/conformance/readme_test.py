"""tests/conformance/README.md lists every row of the tables beside it, with its source.

    python3 tests/conformance/readme_test.py [--write]

--write makes README.md anew instead of comparing.
"""

import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
README = FOLDER / "README.md"
TAGS = {"REC": "recorded from the real service", "DOC": "documented by it",
        "MEM": "from memory: a documented default, stricter where that is possible",
        "CHOICE": "unpublished or ours: chosen here"}
INTRODUCTION = """# Behaviours of the fakes

Each row is asked for on every way in that it can have: typed calls, HTTP messages in memory, and a socket. All give the
same answer, the same journal and the same digest. `readme_test.py --write` makes this file from the tables.

"""
TEXT = r'"(?:[^"\\]|\\.)*"'
ROW = re.compile(
    r"\{\s*(?:\.\w+\s*=\s*)?(" + TEXT + r"),\s*(?:\.\w+\s*=\s*)?((?:" + TEXT + r"\s*)+),", re.DOTALL)


def unquoted(literals):
    return "".join(text[1:-1] for text in re.findall(TEXT, literals)).replace('\\"', '"').replace("\\\\", "\\")


def rows(source):
    """(name, tag, source) of each row; what is no row has no tag."""
    for name, where in ROW.findall(source):
        tag, _, page = unquoted(where).partition(" ")
        if tag in TAGS:
            yield unquoted(name), tag, page


def heading(source):
    """The first comment of the file, as one paragraph."""
    lines = re.match(r"(?://.*\n)+", source).group(0).splitlines()
    return " ".join(line.lstrip("/ ") for line in lines)


def readme():
    out = INTRODUCTION
    tables = [(path, list(rows(path.read_text()))) for path in sorted(FOLDER.glob("*_test.cpp"))]
    counts = {tag: sum(each[1] == tag for _, table in tables for each in table) for tag in TAGS}
    out += "| tag | meaning | rows |\n|---|---|---:|\n"
    for tag, meaning in TAGS.items():
        out += f"| {tag} | {meaning} | {counts[tag]} |\n"
    for path, table in tables:
        out += f"\n## {path.stem.removesuffix('_test').replace('_', ' ')}\n\n"
        out += heading(path.read_text()) + f"\n\n[{path.name}]({path.name})\n\n"
        out += "| row | tag | source |\n|---|---|---|\n"
        for name, tag, page in table:
            out += f"| {name} | {tag} | {page} |\n"
    return out


def main():
    made = readme()
    if "--write" in sys.argv[1:]:
        README.write_text(made)
        return 0
    if README.exists() and README.read_text() == made:
        return 0
    print("tests/conformance/README.md does not list the rows as they are: readme_test.py --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
