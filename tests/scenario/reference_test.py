"""scenarios/README.md lists every key of a scenario as scenarios/schema.json has it.

    python3 tests/scenario/reference_test.py [--write]

--write makes the part between the two marks anew instead of comparing.
"""

import json
import pathlib
import re
import sys

SCENARIOS = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
README = SCENARIOS / "README.md"
BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
DEFAULT = re.compile(r"\s*\bDefault: ((?:[^.]|\.(?=\S))+)\.?")


class Reference:
    """The tables of a schema: one for each object, in the order in which a reader of the file meets them."""

    def __init__(self, schema):
        self.types = schema["$defs"]
        self.schema = schema
        self.sections = []  # (title, introduction, rows)
        uses = re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema))
        self.shared = {name for name in self.types if uses.count(name) > 1 or not self.holds_objects(self.types[name])}

    def text(self):
        self.object("", self.schema)
        for name in sorted(self.shared):
            if self.holds_objects(self.types[name]):
                self.below(name, self.types[name])
        out = ""
        for title, introduction, rows in self.sections:
            out += f"### {title}\n\n" + (introduction + "\n\n" if introduction else "")
            out += "| key | type | default | meaning |\n|---|---|---|---|\n" + "".join(rows) + "\n"
        out += "### Types\n\n| type | what it is |\n|---|---|\n"
        for name in sorted(self.shared):
            out += f"| `{name}` | {cell(self.describe(self.types[name]))} |\n"
        return out

    def object(self, path, node, variant=""):
        title = (f"`{path}`" if path else "The file") + (f" with `{variant}`" if variant else "")
        prefix = path + "." if path else ""
        required = node.get("required", [])
        rows, later = [], []
        for key, value in node.get("properties", {}).items():
            if isinstance(value, bool):  # said of the key elsewhere
                continue
            path = f"{prefix}{key}"
            meaning = self.meaning(value)
            default = DEFAULT.search(meaning)
            meaning = DEFAULT.sub("", meaning, count=1).strip() if default else meaning
            given = "required" if key in required else cell(default.group(1)) if default else ""
            rows.append(f"| `{key}` | {cell(self.type_of(value))} | {given} | {cell(meaning)} |\n")
            later.append((path, value))
        if rows:
            self.sections.append((title, node.get("description", "") if prefix else "", rows))
        for path, value in later:
            self.below(path, value)

    def below(self, path, node, variant=""):
        """The sections of what a value holds."""
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name in self.shared:
                return
            node = {**self.types[name], **{key: value for key, value in node.items() if key == "description"}}
        parts = self.alternatives(node)
        objects = [each for each in parts if self.resolved(each).get("properties")]
        for each in parts:
            if each is not node:
                several = len(objects) > 1 and each in objects
                self.below(path, each, next(iter(self.resolved(each).get("required", [""])), "") if several else "")
        if node.get("properties"):
            self.object(path, node, variant)
        if isinstance(node.get("items"), dict):
            self.below(path + "[]", node["items"])
        if isinstance(node.get("additionalProperties"), dict):
            self.below(path + ".NAME", node["additionalProperties"])

    def resolved(self, node):
        return self.types[node["$ref"].rpartition("/")[2]] if "$ref" in node else node

    def holds_objects(self, node):
        if "$ref" in node:
            return self.holds_objects(self.types[node["$ref"].rpartition("/")[2]])
        parts = [each for each in self.alternatives(node) if each is not node]
        parts += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
        return bool(node.get("properties")) or any(self.holds_objects(part) for part in parts)

    def alternatives(self, node):
        out = list(node.get("oneOf", [])) + list(node.get("anyOf", []))
        out = [each for each in out if set(each) - {"required"}]
        for key in ("then", "else"):
            each = node.get(key)
            if isinstance(each, dict) and ("$ref" in each or "if" in each):
                out += self.alternatives(each) if "if" in each else [each]
        return out or [node]

    def type_of(self, node):
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            return f"`{name}`" if name in self.shared else self.type_of(self.types[name])
        if "const" in node:
            return f"`{json.dumps(node['const'])}`"
        if "enum" in node:
            return " or ".join(f"`{json.dumps(each)}`" for each in node["enum"])
        parts = self.alternatives(node)
        if parts != [node] and "properties" not in node:
            return " or ".join(dict.fromkeys(self.type_of(each) for each in parts))
        kind = node.get("type", "object" if "properties" in node else "any")
        if kind == "array":
            items = node.get("items")
            return "array of " + self.type_of(items) if isinstance(items, dict) and items else "array"
        if kind in ("integer", "number") and "minimum" in node and "maximum" in node:
            return f"{kind}, {node['minimum']:,} to {node['maximum']:,}"
        return kind if isinstance(kind, str) else " or ".join(kind)

    def meaning(self, node):
        return node.get("description") or self.resolved(node).get("description", "")

    def describe(self, node):
        kind = self.type_of(node)
        text = node.get("description", "")
        examples = ", ".join(f"`{json.dumps(each)}`" for each in node.get("examples", []))
        return f"{kind}. {text}".strip() + (f" Examples: {examples}" if examples else "")


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ").strip()


def readme():
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + Reference(json.loads((SCENARIOS / "schema.json").read_text())).text() + END + after


def silent(text):
    """Keys that do not say what they mean."""
    return re.findall(r"^\| `\w+` \| .* \|  \|$", text, re.M)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        README.write_text(readme())
    elif README.read_text() != readme():
        sys.exit("scenarios/README.md: not what scenarios/schema.json says; run this with --write")
    elif silent(readme()):
        sys.exit("scenarios/schema.json: keys without a description:\n" + "\n".join(silent(readme())))
