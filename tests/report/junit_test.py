#!/usr/bin/python3
"""The JUnit report as a CI server reads it: with a real parser, by the names and counts of the JUnit schema; run from the
project's folder."""
import sys
import xml.etree.ElementTree as ElementTree

PATH = sys.argv[1] if len(sys.argv) > 1 else "tests/report/queued.junit.xml"
failures = []


def check(holds, message):
    if not holds:
        failures.append(message)


def integer(element, name):
    check(name in element.attrib, f"{element.tag} has no {name}")
    return int(element.attrib.get(name, -1))


root = ElementTree.parse(PATH).getroot()
check(root.tag == "testsuites", f"the root is {root.tag}")
suites = root.findall("testsuite")
check(suites, "there is no test suite")
for suite in suites:
    cases = suite.findall("testcase")
    check(suite.attrib.get("name"), "a suite has no name")
    check(integer(suite, "tests") == len(cases), f"{len(cases)} cases, not {suite.attrib.get('tests')}")
    broken = [case for case in cases if case.find("failure") is not None]
    check(integer(suite, "failures") == len(broken), f"{len(broken)} failures, not {suite.attrib.get('failures')}")
    check(integer(suite, "errors") == 0 and integer(suite, "skipped") == 0, "a suite has errors or skipped cases")
    names = [(case.attrib.get("classname"), case.attrib.get("name")) for case in cases]
    check(len(set(names)) == len(names), f"two cases have the same name: {names}")
    check(all(all(name) for name in names), f"a case has no name: {names}")
    for case in broken:
        failure = case.find("failure")
        check(failure.attrib.get("message") and failure.attrib.get("type"), "a failure says nothing")
        check("again: rushhour run " in failure.text, "a failure does not say how to have it again")
check(integer(root, "tests") == sum(integer(suite, "tests") for suite in suites), "tests do not add up")
check(integer(root, "failures") == sum(integer(suite, "failures") for suite in suites), "failures do not add up")
for failure in failures:
    print(failure, file=sys.stderr)
print(f"{len(suites)} suites, {len(failures)} failures")
sys.exit(1 if failures else 0)
