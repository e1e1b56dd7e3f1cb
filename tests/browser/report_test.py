"""Opens the page of a report in headless Chromium; altered copies show that each check sees what it is for: report_test.py PROGRAM"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

PROGRAM = os.path.abspath(sys.argv.pop(1))
CLAIMS = "eq3,eq187-199,cor1,thm4"
SETTING = ["alpha=0.7", "alpha_linear=0.6"]  # thm4 is not applicable at
FIGURES = ["figure2", "gate-decay"]
WIDTHS = [360, 768, 1280, 2560]
COLUMNS = ["claim", "verdict", "measured", "allowed", "interval", "evidence", "control", "statement"]
NUMBERS = COLUMNS[2:5]
READABLE = 4.5  # contrast of text, WCAG 2 level AA


def started(folder):
    """A browser whose profile, caches and logs stay in the folder."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        sys.exit("report_test.py: chromium and chromedriver expected on the path (bootstrap.sh installs them)")
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for flag in ("--headless=new", "--hide-scrollbars", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"):
        options.add_argument(flag)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    own = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return webdriver.Chrome(service=Service(programs[1], env=os.environ | own), options=options)


def setUpModule():
    global scratch, browser
    scratch = Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    made = subprocess.run([PROGRAM, "report", "r", "--claims", CLAIMS, "--figures", ",".join(FIGURES),
                           *(part for symbol in SETTING for part in ("--set", symbol))], cwd=scratch, text=True, capture_output=True)
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    browser = started(scratch)
    unittest.addModuleCleanup(browser.quit)


# The contrast of each text that is shown with what is painted under its middle, where that is less than asked.
CONTRAST = r"""
const asked = arguments[0], faults = [];
const parsed = (colour, opacity) => {
  const n = /^rgba?\((.*)\)$/.exec(colour)[1].split(',').map(Number);
  return [n[0], n[1], n[2], (n.length > 3 ? n[3] : 1) * opacity];
};
const over = (top, below) => [0, 1, 2].map(i => top[3] * top[i] + (1 - top[3]) * below[i]).concat(1);
const luminance = colour => {
  const [r, g, b] = colour.map(c => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const opacity = element => element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;
const paint = (element, x, y) => {
  const style = getComputedStyle(element);
  if (!(element instanceof SVGElement)) return parsed(style.backgroundColor, 1);
  if (!(element instanceof SVGGeometryElement) || style.fill === 'none') return [0, 0, 0, 0];
  const point = new DOMPoint(x, y).matrixTransform(element.getScreenCTM().inverse());
  return element.isPointInFill(point) ? parsed(style.fill, Number(style.fillOpacity) * opacity(element)) : [0, 0, 0, 0];
};
const canvas = over(parsed(getComputedStyle(document.body).backgroundColor, 1), [255, 255, 255]);
const ground = (x, y) => document.elementsFromPoint(x, y).reverse().reduce((below, e) => over(paint(e, x, y), below), canvas);
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = texts.nextNode());) {
  const element = node.parentElement, range = document.createRange();
  range.selectNodeContents(node);
  if (!node.data.trim() || element.closest('script,style,noscript,title,desc') || !range.getClientRects().length) continue;
  element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const box = range.getClientRects()[0], x = box.x + box.width / 2, y = box.y + box.height / 2;
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) { faults.push(`"${node.data}" cannot be scrolled to`); continue; }
  const style = getComputedStyle(element), below = ground(x, y);
  const text = over(parsed(element instanceof SVGElement ? style.fill : style.color, opacity(element)), below);
  const [dim, bright] = [luminance(text), luminance(below)].sort((a, b) => a - b), ratio = (bright + 0.05) / (dim + 0.05);
  if (ratio < asked) faults.push(`contrast ${ratio.toFixed(2)} of "${node.data.trim()}", ${text} on ${below}`);
}
return faults;
"""

# What stands in a figure: its box, and texts that are empty, leave it or run into each other.
FIGURE = r"""
const figure = document.getElementById(arguments[0]), svg = figure && figure.querySelector('svg');
if (!svg) return ['is not on the page'];
const faults = [], box = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
if (box.width < 200 || box.height < 150) faults.push(`has a box of ${box.width} x ${box.height}`);
if (texts.length < 10) faults.push(`has ${texts.length} texts`);
if ([...svg.querySelectorAll('path,use')].filter(e => e.getBoundingClientRect().width > 1).length < 20) faults.push('has few marks');
for (const text of texts) {
  const t = text.getBoundingClientRect();
  if (!t.width || !t.height) faults.push(`does not show "${text.textContent.trim()}"`);
  if (t.left < box.left - 1 || t.right > box.right + 1 || t.top < box.top - 1 || t.bottom > box.bottom + 1)
    faults.push(`cuts "${text.textContent.trim()}"`);
  for (const other of texts.slice(0, texts.indexOf(text))) {
    const o = other.getBoundingClientRect();
    if (Math.min(t.right, o.right) - Math.max(t.left, o.left) > 2 && Math.min(t.bottom, o.bottom) - Math.max(t.top, o.top) > 2)
      faults.push(`runs "${other.textContent.trim()}" into "${text.textContent.trim()}"`);
  }
}
return faults;
"""


class Page:
    """A page on the screen. Each check returns the faults that it sees, a line each."""

    def __init__(self, file):
        self.folder = file.parent
        self.claims = {c["id"]: c for c in json.loads((self.folder / "verdicts.json").read_text())["claims"]}
        for log in ("browser", "performance"):
            browser.get_log(log)  # of the page before
        self.show(1280)
        browser.get(file.as_uri())

    def run(self, script, *arguments):
        return browser.execute_script(script, *arguments)

    def show(self, width, scheme="light", media="screen"):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def press(self, selector):
        browser.find_element(By.CSS_SELECTOR, selector).click()

    def order(self):
        return [id.removeprefix("claim-") for id in self.run("return [...document.querySelectorAll('#verdicts tbody')].map(b => b.id)")]

    def shown_rows(self):
        return self.run("return [...document.querySelectorAll('.more')].filter(r => r.getBoundingClientRect().height > 20).map(r => r.id)")

    # What a column shows of a claim, from the verdicts, not from the page; None: nothing.
    def value(self, id, column):
        claim = self.claims[id]
        value = {"claim": id, "control": claim["control"]["verdict"], "interval": (claim["interval"] or [None])[0]}.get(column, claim.get(column))
        return float(value) if column in NUMBERS and value is not None else value or None

    def faults_of_sorting(self):
        faults, everything = [], sorted(self.claims)
        heads = self.run("return [...document.querySelectorAll('#verdicts thead button')].map(b => b.innerText)")
        if heads != COLUMNS:
            faults.append(f"columns {heads}")
        for number, column in enumerate(COLUMNS, 1):
            for way in ("ascending", "descending"):
                self.press(f"#verdicts thead th:nth-child({number}) button")
                said = self.run("return [...document.querySelectorAll('#verdicts th')].map(h => h.getAttribute('aria-sort'))")
                if said != [way if head == column else None for head in COLUMNS]:
                    faults.append(f"{column}, {way}: said to be {said}")
                order = self.order()
                values = [self.value(id, column) for id in order]
                known = [value for value in values if value is not None]
                if column in NUMBERS:
                    right = sorted(known)
                else:
                    right = self.run("return arguments[0].sort(new Intl.Collator('en', {numeric: true}).compare)", known)
                if way == "descending":
                    right.reverse()
                if sorted(order) != everything or values != right + [None] * (len(values) - len(known)):
                    faults.append(f"{column}, {way}: {values}")
        return faults

    def faults_of_rows(self):
        faults = []
        if self.shown_rows():
            faults.append(f"unfolded at first: {self.shown_rows()}")
        for id, claim in self.claims.items():
            self.press(f'[id="claim-{id}"] .id button')
            if self.shown_rows() != [f"more-{id}"]:
                faults.append(f"{id}: does not unfold alone, but {self.shown_rows()}")
            terms = self.run("return [...document.getElementById(arguments[0]).querySelectorAll('dt')].map(t => [t.innerText, t.nextElementSibling.innerText])",
                             f"more-{id}")
            expected = [("Statement", claim["statement"]), ("Source", claim["source"]), ("Control", claim["control"]["what"]),
                        ("Reproduce", f"mambound verify --claims {id} "), *(("Hypothesis", h["inequality"]) for h in claim.get("hypotheses", []))]
            if claim["evidence"]:
                expected.append(("Evidence", claim["evidence"]))
            faults += [f"{id}: no {term} with {part}" for term, part in expected if not any(t == term and part in said + " " for t, said in terms)]
            self.press(f'[id="claim-{id}"] .id button')
        for rows in (sorted(f"more-{id}" for id in self.claims), []):
            self.press("#all")
            if sorted(self.shown_rows()) != rows:
                faults.append(f"unfold or fold all: {self.shown_rows()}")
        return faults

    def faults_of_links(self):
        faults = []
        for link in self.run("return [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"):
            there = self.run("return !!document.getElementById(arguments[0])", link[1:]) if link[0] == "#" else (self.folder / link).is_file()
            if not there:
                faults.append(f"{link} leads nowhere")
        link = browser.find_element(By.CSS_SELECTOR, "#findings a")
        link.click()
        row = link.get_attribute("hash").replace("#claim-", "more-")
        try:
            WebDriverWait(browser, 3, 0.1).until(lambda _: self.shown_rows() == [row])
        except TimeoutException:
            faults.append(f"{link.text}: its row does not unfold")
        return faults

    def faults_of_figures(self):
        return [f"{name} {fault}" for name in FIGURES for fault in self.run(FIGURE, name)]

    def unfold(self):
        self.run("for (const b of document.querySelectorAll('.id button[aria-expanded=false]')) b.click()")

    def faults_of_width(self):
        faults = []
        for folded in (True, False):
            for width in sorted({*WIDTHS, *range(320, 1400, 40)}):
                self.show(width)
                needed = self.run("return document.documentElement.scrollWidth")
                if needed > width:
                    faults.append(f"{needed} pixels wide on a screen of {width}")
            self.unfold()
        return faults

    def faults_of_contrast(self):
        self.unfold()
        faults = []
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                self.show(width, scheme)
                faults += [f"{scheme}, {width}: {fault}" for fault in self.run(CONTRAST, READABLE)]
        return faults

    def faults_of_print(self):
        faults = []
        for scheme in ("light", "dark"):
            self.show(718, scheme, "print")  # A4 less its margins
            hidden = set(f"more-{id}" for id in self.claims) - set(self.shown_rows())
            if hidden:
                faults.append(f"folded in print: {sorted(hidden)}")
            dark = self.run("""return [...document.querySelectorAll('html,body,body *')].filter(e => {
                const c = getComputedStyle(e).backgroundColor.match(/[0-9.]+/g).map(Number);
                return c[3] !== 0 && Math.min(c[0], c[1], c[2]) < 200; }).map(e => e.outerHTML.slice(0, 60))""")
            faults += [f"dark in print: {element}" for element in dark]
            faults += self.faults_of_figures()
            faults += [f"print, {scheme}: {fault}" for fault in self.run(CONTRAST, READABLE)]
        return faults

    def faults_of_loading(self):
        """To be asked last: errors and requests since the page was opened."""
        faults = [f"console: {entry['message']}" for entry in browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]
        for entry in browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and not re.match("file:|data:", message["params"]["request"]["url"]):
                faults.append(f"request: {message['params']['request']['url']}")
        return faults


CHECKS = ["sorting", "rows", "links", "figures", "width", "contrast", "print", "loading"]


class TheReport(unittest.TestCase):
    def test_no_fault(self):
        page = Page(scratch / "r/report.html")
        self.assertTrue({CLAIMS.split(",")[0]} < set(page.claims))
        for check in CHECKS:
            with self.subTest(check):
                self.assertEqual(getattr(page, f"faults_of_{check}")(), [])


class AlteredCopies(unittest.TestCase):
    def faults(self, check, *changes):
        """What the check sees in a copy with these changes, each (what, by what)."""
        text = (scratch / "r/report.html").read_text()
        for what, other in changes:
            self.assertIn(what, text)
            text = text.replace(what, other)
        (scratch / "r/altered.html").write_text(text)
        return getattr(Page(scratch / "r/altered.html"), f"faults_of_{check}")()

    def assertSeen(self, check, part, *changes):
        faults = self.faults(check, *changes)
        self.assertTrue(any(part in fault for fault in faults), f"{part} expected in {faults}")

    def test_a_script_that_throws(self):
        self.assertSeen("loading", "console: ", ("addEventListener('hashchange',target)", "throw Error('x');"))

    def test_a_picture_from_outside(self):
        picture = ("</main>", "<img src='http://127.0.0.1:9/x.png'></main>")
        self.assertSeen("loading", "Content Security Policy", picture)
        policy = re.search('<meta http-equiv="Content-Security-Policy"[^>]*>', (scratch / "r/report.html").read_text())
        self.assertSeen("loading", "request: http://127.0.0.1:9/x.png", picture, (policy.group(), ""))

    def test_a_table_that_sorts_wrongly(self):
        self.assertSeen("sorting", "measured, ascending", ("head.classList.contains('number')", "false"))
        self.assertSeen("sorting", "statement, ascending: [", ("down?-up:up", "-up"))
        self.assertSeen("sorting", "claim, ascending", ("{numeric:true}", "{}"))
        self.assertSeen("sorting", "claim, ascending: [", ("table.append", "Array.of"))
        self.assertSeen("sorting", "verdict, ascending: [", ("sort(compare)", "sort(compare).slice(1)), table.tBodies[0].remove("))
        self.assertSeen("sorting", "interval, descending: [", ("return (x==='')-(y==='')", "return down?(y==='')-(x===''):(x==='')-(y==='')"))
        self.assertSeen("sorting", "allowed, descending: said", ("down?'descending':'ascending'", "'ascending'"))

    def test_rows_that_do_not_unfold_or_say_too_little(self):
        self.assertSeen("rows", "eq3: does not unfold", ("hidden=!yes", "hidden=true"))
        terms = ("Statement", "Source", "Evidence", "Control", "Reproduce", "Hypothesis")
        faults = self.faults("rows", *((f"<dt>{term}</dt>", "<dt></dt>") for term in terms))
        for term in terms:
            self.assertTrue(any(f"no {term} with" in fault for fault in faults), faults)
        self.assertSeen("rows", "all: []", ("open(b,yes)", "0"))
        self.assertSeen("rows", "unfolded at first", (' id="more-eq3" hidden', ' id="more-eq3"'))

    def test_links_that_lead_nowhere(self):
        self.assertSeen("links", "#plots leads nowhere", ('id="plots"', ""))
        self.assertSeen("links", "figure3.csv leads nowhere", ('href="figure2.csv"', 'href="figure3.csv"'))
        self.assertSeen("links", "does not unfold", ("addEventListener('hashchange',target)", ""))

    def test_figures_that_are_missing_empty_or_cut(self):
        self.assertSeen("figures", "figure2 is not on the page", ('<figure id="figure2"', "<figure"))
        self.assertSeen("figures", "gate-decay has a box of", (".plot svg{display:block", ".plot svg{display:none"))
        self.assertSeen("figures", "figure2 has 0 texts", ("<text>", "<desc>"), ("</text>", "</desc>"))
        self.assertSeen("figures", "figure2 has few marks", ("<use ", "<desc "), ("<path ", "<desc "))
        self.assertSeen("figures", 'gate-decay runs "', ('font-size="13.00"', 'font-size="40.00"'))
        self.assertSeen("figures", 'figure2 cuts "', ('viewBox="0 0 720 520"', 'viewBox="0 0 700 500"'))

    def test_a_page_wider_than_the_screen(self):
        wide = "<div style='width:3000px;height:1px'></div>"
        faults = self.faults("width", ("</main>", wide + "</main>"))
        for width in WIDTHS:
            self.assertTrue(any(fault.endswith(f"on a screen of {width}") for fault in faults), faults)
        self.assertSeen("width", "on a screen of 360", ("<dt>Reproduce</dt><dd>", "<dt>Reproduce</dt><dd>" + wide))

    def test_grey_on_grey(self):
        self.assertSeen("contrast", "light, 360: contrast", ("--soft:#555", "--soft:#888"))
        self.assertSeen("contrast", "dark, 1280: contrast", ("--soft:#a8acb0", "--soft:#505458"))
        self.assertSeen("contrast", "dark, 1280: contrast", ('[fill="rgb(0,0,0)"]', '[fill="other"]'), ('[fill="black"]', '[fill="other"]'))
        self.assertSeen("contrast", "on 0,0,0", ("<text>", "<rect x='-2000' y='-2000' width='4000' height='4000' fill='black'/><text>"))
        self.assertSeen("contrast", "Seed", ('class="soft"', 'class="soft" style="opacity:.4"'))

    def test_a_print_that_is_dark_or_folded(self):
        self.assertSeen("print", "folded in print", (".more[hidden]{display:table-row}figure", "figure"))
        self.assertSeen("print", "dark in print: <body", ("--ground:#fff;--text:#000;", ""))
        self.assertSeen("print", "figure2 is not", ('<figure id="figure2"', "<figure"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
