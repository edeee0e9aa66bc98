"""The page at `/` of `rushhour serve`, in headless Chromium: it shows calls as they come, and its buttons work.

    python3 tests/clients/page_test.py [--verbose] [Page[.test]...]     RUSHHOUR=FILE names the executable

Screenshots of both widths and both colour schemes go to $RUSHHOUR_SCREENSHOTS, or build/ in the project's folder. The
world's clock stands still unless a test advances it; the browser is waited for by what it shows, never by time alone.
"""

import base64
import os
import shutil
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True  # this folder is under version control

try:
    import boto3
    import botocore.config
    import requests
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select, WebDriverWait
except ImportError as missing:
    sys.exit(f"page_test: {missing}; on Debian: apt-get install python3-boto3 python3-requests python3-selenium")

import served

BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
if not BROWSER or not DRIVER:
    sys.exit("page_test: there is no chromium or no chromedriver; on Debian: apt-get install chromium chromium-driver")

SCREENSHOTS = Path(os.environ.get("RUSHHOUR_SCREENSHOTS", Path(__file__).resolve().parents[2] / "build"))
WAIT_S = 20
WIDTHS = {"page": 1280, "page-narrow": 400}


def start_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
                     "--disable-background-networking", "--hide-scrollbars", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = start_browser()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.served = served.Served()
        self.addCleanup(self.stop)
        self.key = self.served.admin("GET", "keys?reveal=all").json()["keys"][0]["key"]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        self.browser.get_log("browser")  # what others left
        self.browser.get(self.served.url + "/")
        self.wait_for(lambda: self.text("link") == "live", "the page to connect")

    def stop(self):
        self.browser.get("about:blank")
        self.served.stop()

    def wait_for(self, condition, what):
        WebDriverWait(self.browser, WAIT_S, poll_frequency=0.05).until(lambda _: condition(), f"waited for {what}")

    def text(self, element):
        return self.browser.find_element(By.ID, element).text

    def shows_total(self, total):
        self.wait_for(lambda: self.text("total") == str(total), f"{total} calls to be shown")

    def chart(self, service):
        return self.browser.find_element(By.CSS_SELECTOR, f'[data-service="{service}"]')

    def look_up(self, address="8.8.8.8", **headers):
        return self.served.session.get(f"{self.served.announced['virustotal']}/ip_addresses/{address}",
                                       headers={"x-apikey": self.key, **headers}, timeout=10)

    def client(self, service):
        return boto3.client(service, endpoint_url=self.served.announced[service], region_name="us-east-1",
                            config=botocore.config.Config(retries={"total_max_attempts": 1}, proxies={}),
                            **self.served.key_of("detections-engine"))

    def make_traffic(self):
        """Two minutes of a detection that asks too much; the number of calls."""
        sts = self.client("sts")
        calls = 0
        for second in range(60):
            self.served.advance("2s")
            for _ in range(1 + second * 7 % 5 + 6 * (40 <= second < 46)):
                sts.get_caller_identity()
                calls += 1
            if second % 3 == 0:
                self.look_up(f"203.0.113.{second}")
                calls += 1
        return calls

    def screenshot(self, name, width):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        height = self.browser.execute_script("return document.documentElement.scrollHeight")
        wide = self.browser.execute_script("return document.documentElement.scrollWidth")
        shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.assertLessEqual(wide, width, f"{name}: the page is wider than its window")

    def test_it_says_so_when_nothing_was_called(self):
        self.assertIn("No calls yet", self.text("calls"))
        self.assertIn("curl", self.text("calls"))
        self.assertIn("no calls yet", self.chart("sts").text)
        self.assertEqual(self.text("total"), "0")
        self.assertIn("500 of 500 left", self.text("burn"))
        self.screenshot("page-empty", 1280)

    def test_it_counts_calls_against_the_limit(self):
        for _ in range(6):
            self.look_up()
        self.client("sts").get_caller_identity()
        self.shows_total(7)

        virustotal = self.chart("virustotal")
        self.assertIn("6 calls: 4 ok, 2 throttled, 0 failed", virustotal.text)
        self.assertIn("limit 4/min, virustotal-key", virustotal.text)
        line = virustotal.find_element(By.CSS_SELECTOR, "line.limit")
        bars = virustotal.find_elements(By.CSS_SELECTOR, "rect.ok")
        # The bar of the calls that passed ends at the line: there were as many as the limit lets pass.
        self.assertAlmostEqual(float(bars[-1].get_attribute("y")), float(line.get_attribute("y1")), delta=0.1)
        self.assertEqual(len(virustotal.find_elements(By.CSS_SELECTOR, "rect.throttled")), 1)
        self.assertIn("limit 600/s, each account", self.chart("sts").text)
        self.assertIn("0 of 4 left", self.text("burn"))
        self.assertIn("496 of 500 left", self.text("burn"))
        self.assertIn("599 of 600", self.text("levels"))
        self.assertIn("QuotaExceededError", self.text("calls"))

        self.browser.find_element(By.CSS_SELECTOR, "tr.call button").click()
        self.assertIn("sts:GetCallerIdentity", self.browser.find_element(By.CSS_SELECTOR, "tr.detail").text)

    def test_reset_empties_it(self):
        for _ in range(5):
            self.look_up()
        self.shows_total(5)

        self.browser.find_element(By.ID, "reset").click()

        self.shows_total(0)
        self.wait_for(lambda: "No calls yet" in self.text("calls"), "the empty list")
        self.assertIn("reset", self.text("said"))
        self.assertEqual(self.served.journal(), [])
        self.assertEqual(self.look_up().status_code, 200)

    def test_its_buttons_add_and_remove_faults(self):
        form = self.browser.find_element(By.ID, "fault")
        Select(form.find_element(By.NAME, "answer")).select_by_value("unavailable")
        form.find_element(By.TAG_NAME, "button").click()
        self.wait_for(lambda: "503 ServiceUnavailable" in self.text("faults"), "the fault in the list")
        self.assertEqual(self.look_up().status_code, 503)

        self.browser.find_element(By.CSS_SELECTOR, "[data-fault]").click()
        self.wait_for(lambda: self.text("faults") == "", "the fault to go")
        self.assertEqual(self.look_up().status_code, 200)

        length = form.find_element(By.NAME, "for")
        length.clear()
        length.send_keys("soon")
        form.find_element(By.TAG_NAME, "button").click()
        self.wait_for(lambda: "duration" in self.text("said"), "the mistake to be told")

    def test_its_button_sets_a_verdict(self):
        self.browser.find_element(By.ID, "verdict").find_element(By.TAG_NAME, "button").click()
        self.wait_for(lambda: "203.0.113.7" in self.text("said"), "the verdict to be set")
        stats = self.look_up("203.0.113.7").json()["data"]["attributes"]["last_analysis_stats"]
        self.assertEqual((stats["malicious"], stats["harmless"]), (12, 60))

    def test_it_shows_names_as_text(self):
        name = '<img src=x onerror="document.title=1">'
        self.look_up(**{"x-rushhour-call": name + ";1;1"})
        self.wait_for(lambda: name in self.browser.find_element(By.ID, "calls").text, "the name of the detection")
        self.assertEqual(self.browser.find_elements(By.CSS_SELECTOR, "#calls img"), [])

    def test_it_asks_nobody_else_and_makes_no_errors(self):
        self.look_up()
        self.shows_total(1)
        asked = self.browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
        self.assertTrue(asked)
        self.assertEqual([url for url in asked if not url.startswith((self.served.url + "/_rushhour/", "data:"))], [])
        self.assertEqual([entry["message"] for entry in self.browser.get_log("browser")], [])

    def test_it_says_when_the_server_is_gone(self):
        self.served.process.terminate()
        self.wait_for(lambda: self.text("link") == "no answer", "the page to notice")

    def test_it_can_be_looked_at(self):
        calls = self.make_traffic()
        self.served.admin("POST", "faults", json={"service": "sts", "answer": {"delay": "2s"}, "share": "1/10"})
        self.shows_total(calls)
        self.wait_for(lambda: "2s later" in self.text("faults"), "the fault")
        for scheme in ("light", "dark"):
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                         {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            for name, width in WIDTHS.items():
                self.screenshot(name + ("-dark" if scheme == "dark" else ""), width)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
