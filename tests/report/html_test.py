"""The page of `--html` in headless Chromium: it opens from a disk, every number is the report's, and nothing is fetched.

    RUSHHOUR=build/dev/rushhour /usr/bin/python3 tests/report/html_test.py [--verbose] [Page[.test]...]

Screenshots go to $RUSHHOUR_SCREENSHOTS, or build/ in the project's folder. How the page is put together is tested in
html_test.cpp.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True  # this folder is under version control

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError as missing:
    sys.exit(f"html_test: {missing}; on Debian: apt-get install python3-selenium")

BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
if not BROWSER or not DRIVER:
    sys.exit("html_test: there is no chromium or no chromedriver; on Debian: apt-get install chromium chromium-driver")

PROJECT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(os.environ.get("RUSHHOUR_SCREENSHOTS", PROJECT / "build"))
WAIT_S = 20
PAGE_BYTES_MAX = 1_500_000
QUEUED = "tests/report/queued.json"
TINY = "tests/report/tiny.json"
RULES = "tests/report/rules.json"
# The fifteen charts.
CHARTS = {"demand", "tokens", "headroom", "retries", "goodput", "callers", "caches", "fleet", "lag", "outcomes", "new-terms",
          "policies", "baseline", "cost", "quota"}


def rushhour(*arguments):
    program = str(Path(os.environ["RUSHHOUR"]).resolve())
    return subprocess.run([program, *arguments], cwd=PROJECT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)


def start_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
                     "--disable-background-networking", "--hide-scrollbars", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


def value_at(report, path):
    for key in path.split("."):
        report = report[int(key)] if isinstance(report, list) else report[key]
    return report


def number_of(text):
    """The number that a text begins with: `1,234.5 x`."""
    return float(re.match(r"[\d,.]+", text)[0].replace(",", ""))


DURATIONS_S = {"µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}


def seconds_of(text):
    number, unit = text.split(" ")
    return float(number) * DURATIONS_S[unit]


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = start_browser()
        cls.addClassCleanup(cls.browser.quit)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.pages = {}

    def setUp(self):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def made(self, name, *arguments, returns=0):
        """A page that is made once: its file, and the JSON report of the same run."""
        if name not in self.pages:
            page, report = self.folder / f"{name}.html", self.folder / f"{name}.json"
            done = rushhour(*arguments, "--html", str(page), "--json", str(report))
            self.assertEqual((done.returncode, done.stderr), (returns, ""))
            self.pages[name] = page, json.loads(report.read_text())
        return self.pages[name]

    def one(self):
        return self.open(self.made("one", "run", QUEUED))

    def several(self):
        return self.open(self.made("several", "run", TINY, QUEUED, RULES))

    def swept(self):
        return self.open(self.made("swept", "run", QUEUED, "--sweeps"))

    def against_its_baseline(self):
        baselines = ("--once", "--baselines", str(self.folder))
        if "baseline" not in self.pages:
            rushhour("check", TINY, "--accept", *baselines)
        return self.open(self.made("baseline", "check", TINY, "--baseline", *baselines, "--seed", "8", returns=1))

    def open(self, made):
        page, report = made
        self.browser.get_log("browser")  # what others left
        self.browser.get(page.as_uri())
        self.wait_for("return document.documentElement.dataset.ready === 'true'", "the charts to be drawn")
        return report

    def wait_for(self, script, what):
        WebDriverWait(self.browser, WAIT_S, poll_frequency=0.05).until(
            lambda browser: browser.execute_script(script), f"waited for {what}")

    def find(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector).get_property("textContent")

    def expect_numbers_of(self, report, at_least):
        # As textContent: some stand in what is folded.
        cells = self.browser.execute_script(
            "return [...document.querySelectorAll('[data-path]')].map((each) => "
            "[each.dataset.path, each.dataset.form, each.textContent])")
        self.assertGreaterEqual(len(cells), at_least)
        for path, form, text in cells:
            with self.subTest(path=path, form=form):
                self.expect_number(value_at(report, path), form, text)

    def expect_number(self, value, form, text):
        if form == "count":
            self.assertEqual(text, f"{value:,}")
        elif form in ("decimal", "times"):
            exact = value[0] / value[1]
            self.assertAlmostEqual(number_of(text), exact, delta=max(0.00005, 0.0051 if exact >= 0.1 else 0, 0.051 if exact >= 100 else 0,
                                                                     0.5 if exact >= 1000 else 0))
        elif form == "percent":
            exact = value[0] / value[1] * 100
            self.assertAlmostEqual(number_of(text), exact, delta=0.0051 if exact < 10 else 0.051 if exact < 1000 else 0.51)
        elif form in ("seconds", "duration"):
            exact = value[0] / value[1] if form == "seconds" else value / 1e9
            self.assertAlmostEqual(seconds_of(text), exact, delta=exact * 0.01 + 1e-6)
        elif form in ("instant", "time"):
            self.assertEqual(text, f"{value[:10]} {value[11:19]}" if form == "instant" else value[11:19])
        else:
            self.assertEqual(text, str(value))

    def test_opens_from_a_disk_without_a_word_and_fetches_nothing(self):
        for name in ("one", "several", "swept", "against_its_baseline"):
            with self.subTest(page=name):
                getattr(self, name)()
                self.assertEqual(self.browser.get_log("browser"), [])
                self.assertEqual(self.browser.execute_script(
                    "return performance.getEntriesByType('resource').map((each) => each.name)"), [])
                self.assertNotIn("https://", re.sub(r"<script.*?</script>|<pre>.*?</pre>", "", self.pages["one"][0].read_text(), flags=re.S))

    def test_may_fetch_nothing(self):
        self.one()
        self.browser.set_script_timeout(WAIT_S)
        self.assertEqual(self.browser.execute_async_script(
            "const done = arguments[0]; fetch('http://127.0.0.1:9/').then(() => done('fetched'), (error) => done(error.name))"), "TypeError")
        self.assertIn("Content Security Policy", self.browser.get_log("browser")[0]["message"])

    def test_shows_the_numbers_of_the_report(self):
        self.expect_numbers_of(self.one(), 90)
        self.expect_numbers_of(self.several(), 200)
        self.expect_numbers_of(self.against_its_baseline(), 50)

    def test_draws_each_chart_or_says_why_not(self):
        for name in ("one", "several", "swept", "against_its_baseline"):
            with self.subTest(page=name):
                getattr(self, name)()
                drawn = {each.get_attribute("id") for each in self.find("#charts figure")}
                empty = {each.get_attribute("id") for each in self.find("#charts details.empty")}
                self.assertEqual(drawn | empty, CHARTS)
                for chart in empty:
                    self.assertRegex(self.text(f"#{chart} .why"), r"^[A-Z].*\.$")

    def test_draws_what_there_is(self):
        self.one()
        drawn = {each.get_attribute("id") for each in self.find("#charts figure")}
        self.assertLessEqual({"demand", "headroom", "callers", "caches", "fleet", "outcomes", "cost"}, drawn)
        self.assertIn("--sweeps", self.text("#goodput .why"))
        self.swept()
        self.assertTrue(self.find("figure#goodput canvas"))
        self.assertIn("adaptive", self.text("figure#policies"))
        self.against_its_baseline()
        self.assertIn("first difference", self.text("figure#baseline").lower())
        self.several()
        self.assertIn("truly first", self.text("figure#new-terms"))

    def test_paints_every_canvas(self):
        self.one()
        blank = self.browser.execute_script(
            "return [...document.querySelectorAll('canvas')].filter((each) => {"
            "  const pixels = each.getContext('2d').getImageData(0, 0, each.width, each.height).data;"
            "  return !pixels.some((value) => value !== 0); }).length")
        self.assertEqual(blank, 0)

    def test_begins_with_the_broken_budgets(self):
        report = self.one()
        first = self.text("#verdict")
        broken = [budget for budget in report["runs"][0]["budgets"] if not budget["holds"]]
        self.assertTrue(broken)
        for budget in broken:
            self.assertIn(budget["expr"], first)
            for culprit in budget["culprits"]:
                self.assertIn(culprit["operation"], first)
        errors = sum(budget["level"] == "error" for budget in broken)
        self.assertIn(f"{errors} of {len(report['runs'][0]['budgets'])} budgets broken", first)

    def test_shows_several_runs_side_by_side_or_one(self):
        self.several()
        self.assertEqual(len(self.find("#verdict .verdict")), 3)
        self.assertEqual(len(self.find("figure#fleet .row:first-child .panel")), 3)
        buttons = self.find(".switch button")
        self.assertEqual(len(buttons), 4)
        buttons[2].send_keys(Keys.ENTER)
        self.assertEqual(len(self.find("figure#fleet .row:first-child .panel")), 1)
        self.assertEqual([each.get_attribute("aria-pressed") for each in buttons], ["false", "false", "true", "false"])

    def test_can_be_read_without_seeing_it(self):
        self.several()
        for canvas in self.find("canvas"):
            self.assertRegex(canvas.get_attribute("aria-label"), r"table follows\.$")
        without = self.browser.execute_script(
            "return [...document.querySelectorAll('table')].filter((each) => !each.caption || !each.caption.textContent).length")
        self.assertEqual(without, 0)
        self.assertEqual(len(self.find("#charts figure > figcaption h3")), len(self.find("#charts figure")))
        self.assertEqual(len(self.find("h1")), 1)

    def test_goes_through_a_chart_by_keys(self):
        self.one()
        canvas = self.browser.find_element(By.CSS_SELECTOR, "#demand canvas")
        canvas.send_keys(Keys.ARROW_RIGHT)
        first = self.text("#demand .said")
        self.assertRegex(first, r"^\d\d:\d\d:\d\d.*attempts")
        canvas.send_keys(Keys.ARROW_RIGHT)
        self.assertNotEqual(self.text("#demand .said"), first)

    def test_turns_light_and_dark(self):
        self.one()
        ground = lambda: self.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        dark = ground()
        button = self.browser.find_element(By.ID, "theme")
        seen = []
        for _ in range(3):
            button.send_keys(Keys.ENTER)
            seen.append((button.text, ground() == dark))
        self.assertEqual(seen, [("Light", False), ("Dark", True), ("Auto", True)])

    def test_fits_every_width_and_scheme(self):
        for name in ("one", "several"):
            getattr(self, name)()
            for scheme in ("light", "dark"):
                for width in (1280, 380):
                    with self.subTest(page=name, scheme=scheme, width=width):
                        self.screenshot(f"report-{name}-{scheme}-{width}", width, scheme)

    def screenshot(self, name, width, scheme):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        self.wait_for("return [...document.querySelectorAll('canvas')].every((each) => "
                      "parseFloat(each.style.width) <= each.parentElement.clientWidth)", "the charts to be drawn anew")
        wide, height = self.browser.execute_script(
            "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
        self.assertLessEqual(wide, width, f"{name}: the page is wider than its window")

    def test_loses_no_peak(self):
        self.one()
        buckets = self.browser.execute_script("return bucketed([1, 9, 2, 3, 0, 3, 7], 3)")
        self.assertEqual(buckets, {"together": 3, "low": [1, 0, 7], "mean": [4, 2, 7], "high": [9, 3, 7]})
        chosen = self.browser.execute_script("return fullest([[1, 5, 2, 0], [1, 5, 9, 1]], 2).chosen")
        self.assertEqual(chosen, [1, 2])
        self.assertEqual(self.browser.execute_script("return decodedValues('3 0x3 5')"), [3, 0, 0, 0, 5])

    def test_is_small_and_the_same_bytes_for_a_million_events(self):
        page, again = self.folder / "hour.html", self.folder / "again.html"
        for file in (page, again):
            self.assertEqual(rushhour("run", "scenarios/naive-enrichment.json", "--html", str(file)).returncode, 0)
        self.assertLess(page.stat().st_size, PAGE_BYTES_MAX)
        self.assertEqual(page.read_bytes(), again.read_bytes())
        self.open((page, None))
        self.assertEqual(self.browser.get_log("browser"), [])

    def test_is_asked_for_by_a_file(self):
        done = rushhour("run", TINY, "--sweeps")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--html", done.stderr)


if __name__ == "__main__":
    unittest.main()
