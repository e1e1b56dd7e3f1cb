"""The page of a report has no fault in a browser; altered copies show that each check sees what it is for: report_test.py PROGRAM"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import page

PROGRAM = os.path.abspath(sys.argv.pop(1))
CLAIMS = "eq3,eq187-199,cor1,thm4"
SETTING = ["alpha=0.7", "alpha_linear=0.6"]  # thm4 is not applicable at
FIGURES = ["figure2", "gate-decay"]


def setUpModule():
    global scratch, browser
    scratch = Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    made = subprocess.run([PROGRAM, "report", "r", "--claims", CLAIMS, "--figures", ",".join(FIGURES),
                           *(part for symbol in SETTING for part in ("--set", symbol))], cwd=scratch, text=True, capture_output=True)
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    browser = page.started(scratch)
    unittest.addModuleCleanup(browser.quit)


class TheReport(unittest.TestCase):
    def test_no_fault(self):
        opened = page.Page(browser, scratch / "r/report.html")
        self.assertEqual((opened.figures, "not_applicable" in {c["verdict"] for c in opened.claims.values()}), (FIGURES, True))
        for check, faults in opened.faults().items():
            with self.subTest(check):
                self.assertEqual(faults, [])


class AlteredCopies(unittest.TestCase):
    def faults(self, check, *changes):
        """What the check sees in a copy with these changes, each (what, by what)."""
        text = (scratch / "r/report.html").read_text()
        for what, other in changes:
            self.assertTrue(what in text, f"{what} is not on the page")
            text = text.replace(what, other)
        (scratch / "r/altered.html").write_text(text)
        return getattr(page.Page(browser, scratch / "r/altered.html"), f"faults_of_{check}")()

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
        for width in page.WIDTHS:
            self.assertTrue(any(fault.endswith(f"on a screen of {width}") for fault in faults), faults)
        self.assertSeen("width", "on a screen of 360", ("<dt>Reproduce</dt><dd>", "<dt>Reproduce</dt><dd>" + wide))

    def test_grey_on_grey_and_lines_through_text(self):
        self.assertSeen("contrast", "light, 360: contrast", ("--soft:#555", "--soft:#888"))
        self.assertSeen("contrast", "dark, 1280: contrast", ("--soft:#a8acb0", "--soft:#505458"))
        self.assertSeen("contrast", "dark, 1280: contrast", ('[fill="rgb(0,0,0)"]', '[fill="other"]'), ('[fill="black"]', '[fill="other"]'))
        self.assertSeen("contrast", "on 0,0,0", ("<text>", "<rect x='-2000' y='-2000' width='4000' height='4000' fill='black'/><text>"))
        self.assertSeen("contrast", '" is struck through', ("<text>", "<path d='M-400,-4 H400' stroke='#999' stroke-width='4'/><text>"))
        self.assertSeen("contrast", "Seed", ('class="soft"', 'class="soft" style="opacity:.4"'))

    def test_lines_that_are_faint_or_look_alike(self):
        blue, green = "rgb(  0, 114, 178)", "rgb(  0, 138,  99)"
        self.assertSeen("lines", "light, figure2: [240, 228, 66] on [255, 255, 255]: contrast 1.", (green, "rgb(240, 228, 66)"))
        self.assertSeen("lines", "dark, figure2: [0, 0, 128] on", (green, "rgb(0, 0, 128)"))
        self.assertSeen("lines", "no lines", ("gnuplot_plot", "other"))
        # Of lines with the same dash: orange and yellow-green, which are one colour without red or green cones.
        faults = self.faults("lines", (blue, "rgb(168, 121, 0)"), ("rgb(213,  94,   0)", "rgb(122, 140, 0)"), ("<use ", "<desc "))
        for vision, seen in (("normal", False), ("protanopia", True), ("deuteranopia", True)):
            self.assertEqual(any("[168, 121, 0] and [122, 140, 0], " + vision in fault for fault in faults), seen, faults)

    def test_a_print_that_is_dark_or_folded(self):
        self.assertSeen("print", "folded in print", (".more[hidden]{display:table-row}figure", "figure"))
        self.assertSeen("print", "dark in print: <body", ("--ground:#fff;--text:#000;", ""))
        self.assertSeen("print", "marks of folding", ("[aria-expanded]::before{content:none}", "::before{content:none}"))
        self.assertSeen("print", "figure2 is not", ('<figure id="figure2"', "<figure"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
