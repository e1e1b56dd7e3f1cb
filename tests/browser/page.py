"""Opens the page of a report in headless Chromium and prints the faults it sees; exit 1 if any: page.py FOLDER_OF_THE_REPORT"""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import colours
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

WIDTHS = [360, 768, 1280, 2560]
COLUMNS = ["claim", "verdict", "measured", "allowed", "interval", "evidence", "control", "statement"]
NUMBERS = COLUMNS[2:5]
READABLE = 4.5  # contrast of text, WCAG 2 level AA
VISIBLE = 3  # of lines, the same
APART = 15  # in L*a*b*, of lines that nothing but their colour tells apart
CHECKS = ["sorting", "rows", "links", "figures", "width", "contrast", "lines", "print", "loading"]


def started(folder):
    """A browser whose profile, caches and logs stay in the folder."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        sys.exit("page.py: chromium and chromedriver expected on the path (bootstrap.sh installs them)")
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for flag in ("--headless=new", "--hide-scrollbars", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"):
        options.add_argument(flag)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    own = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return webdriver.Chrome(service=Service(programs[1], env=os.environ | own), options=options)


# For each text that is shown, at its middle: too little contrast with what is painted there, or a line through it.
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
const struck = (element, x, y) => element instanceof SVGGeometryElement && getComputedStyle(element).stroke !== 'none' &&
  element.isPointInStroke(new DOMPoint(x, y).matrixTransform(element.getScreenCTM().inverse()));
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = texts.nextNode());) {
  const element = node.parentElement, range = document.createRange();
  range.selectNodeContents(node);
  if (!node.data.trim() || element.closest('script,style,noscript,title,desc') || !range.getClientRects().length) continue;
  element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  scrollBy({top: range.getClientRects()[0].y - innerHeight / 2, behavior: 'instant'});  // its first line, of a tall element
  const box = range.getClientRects()[0], x = box.x + box.width / 2, y = box.y + box.height / 2;
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) { faults.push(`"${node.data}" cannot be scrolled to`); continue; }
  if (document.elementsFromPoint(x, y).some(e => struck(e, x, y))) faults.push(`"${node.data.trim()}" is struck through`);
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
if ([...svg.querySelectorAll('path,use,polygon')].filter(e => e.getBoundingClientRect().width > 1).length < 20) faults.push('has few marks');
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


# The colours of what is plotted in a figure, each with its dashes and marks; and the ground. White under a mark and black under a line are its casing.
LINES = r"""
const series = {}, rgb = colour => (/^rgba?\((.*?)\)$/.exec(colour) || [, ''])[1].split(',').map(Number).slice(0, 3);
for (const element of document.getElementById(arguments[0]).querySelectorAll('[id*=gnuplot_plot] path,[id*=gnuplot_plot] use')) {
  const style = getComputedStyle(element), mark = element.tagName === 'use';
  const colour = mark ? style.color : style.stroke;
  const said = element.getAttribute(mark ? 'color' : 'stroke');
  if (!said || said === 'white' || colour === 'none' || colour === 'rgb(0, 0, 1)') continue;
  const one = series[colour] ||= {colour: rgb(colour), dashes: [], marks: []};
  const [list, what] = mark ? [one.marks, element.href.baseVal] : [one.dashes, style.strokeDasharray];
  if (!list.includes(what)) list.push(what);
}
let e = document.getElementById(arguments[0]);
while (e && /, 0\)$/.test(getComputedStyle(e).backgroundColor)) e = e.parentElement;
return [Object.values(series), e ? rgb(getComputedStyle(e).backgroundColor) : [255, 255, 255]];
"""


def faults_of_series(series, ground):
    """Lines that do not stand out from the ground, or that some eyes cannot tell from one another."""
    faults = [f"{one['colour']} on {ground}: contrast {colours.contrast(one['colour'], ground):.2f}" for one in series
              if colours.contrast(one["colour"], ground) < VISIBLE]
    for n, a in enumerate(series):
        for b in series[:n]:
            if not set(a["dashes"]) & set(b["dashes"]) or (a["marks"] and b["marks"] and not set(a["marks"]) & set(b["marks"])):
                continue
            for vision in colours.VISIONS:
                apart = colours.difference(a["colour"], b["colour"], vision)
                if apart < APART:
                    faults.append(f"{b['colour']} and {a['colour']}, {vision}: {apart:.0f} apart")
    return faults


class Page:
    """A page on the screen. Each check returns the faults that it sees, a line each."""

    def __init__(self, browser, file):
        self.browser, self.folder = browser, file.parent
        self.claims = {c["id"]: c for c in json.loads((self.folder / "verdicts.json").read_text())["claims"]}
        self.figures = [name for name in json.loads((self.folder / "manifest.json").read_text())["done"] if name != "verdicts"]
        for log in ("browser", "performance"):
            self.browser.get_log(log)  # of the page before
        self.show(1280)
        self.browser.get(file.as_uri())

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def show(self, width, scheme="light", media="screen"):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def press(self, selector):
        self.browser.find_element(By.CSS_SELECTOR, selector).click()

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
        link = self.browser.find_element(By.CSS_SELECTOR, "#findings a")
        link.click()
        row = link.get_attribute("hash").replace("#claim-", "more-")
        try:
            WebDriverWait(self.browser, 3, 0.1).until(lambda _: self.shown_rows() == [row])
        except TimeoutException:
            faults.append(f"{link.text}: its row does not unfold")
        return faults

    def faults_of_figures(self):
        return [f"{name} {fault}" for name in self.figures for fault in self.run(FIGURE, name)]

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

    def faults_of_lines(self):
        faults = []
        for scheme in ("light", "dark"):
            self.show(1280, scheme)
            for name in self.figures:
                series, ground = self.run(LINES, name)
                if not series:
                    faults.append(f"{name} has no lines")
                faults += [f"{scheme}, {name}: {fault}" for fault in faults_of_series(series, ground)]
        return faults

    def faults_of_print(self):
        faults = []
        self.press(".id button")
        for scheme in ("light", "dark"):
            self.show(718, scheme, "print")  # A4 less its margins
            hidden = set(f"more-{id}" for id in self.claims) - set(self.shown_rows())
            if hidden:
                faults.append(f"folded in print: {sorted(hidden)}")
            dark = self.run("""return [...document.querySelectorAll('html,body,body *')].filter(e => {
                const c = getComputedStyle(e).backgroundColor.match(/[0-9.]+/g).map(Number);
                return c[3] !== 0 && Math.min(c[0], c[1], c[2]) < 200; }).map(e => e.outerHTML.slice(0, 60))""")
            faults += [f"dark in print: {element}" for element in dark]
            if self.run("return [...document.querySelectorAll('.id button')].some(b => getComputedStyle(b, '::before').content !== 'none')"):
                faults.append("marks of folding in print")
            faults += self.faults_of_figures()
            faults += [f"print, {scheme}: {fault}" for fault in self.run(CONTRAST, READABLE)]
        return faults

    def faults_of_loading(self):
        """To be asked last: errors and requests since the page was opened."""
        faults = [f"console: {entry['message']}" for entry in self.browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and not re.match("file:|data:", message["params"]["request"]["url"]):
                faults.append(f"request: {message['params']['request']['url']}")
        return faults

    def faults(self):
        return {check: getattr(self, f"faults_of_{check}")() for check in CHECKS}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        browser = started(scratch)
        try:
            faults = Page(browser, Path(sys.argv[1]).resolve() / "report.html").faults()
        finally:
            browser.quit()
    for check, seen in faults.items():
        print(f"{check}: {len(seen)} faults", *seen, sep="\n    ")
    sys.exit(any(faults.values()))
