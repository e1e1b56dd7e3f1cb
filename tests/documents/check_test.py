#!/usr/bin/env python3
"""The checker of documents: a true page passes, and every way to be wrong is seen.   check_test.py"""

import os
import subprocess
import sys
import tempfile
import unittest

CHECK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check.py")

# A program whose help and output are known.
PROGRAM = """#!/bin/sh
case "$*" in
  --help) echo "Subcommands: count" ;;
  "count --help") echo "Options: --to N, --out FILE" ;;
  "group --help") printf 'Subcommands:\\n  inner    one.\\n\\nExample: none\\n' ;;
  "group inner --help") echo "Options: --deep" ;;
  "count --to 3") printf '1\\n2\\n3\\ntook 0.125 s\\n' ;;
  "count --to x") echo "mambound: --to x: expected a number" >&2; exit 2 ;;
  "count --out f") echo kept >f ;;
  *) echo "mambound: unknown" >&2; exit 2 ;;
esac
"""

PAGE = """# Counting

A [link](#counting), [another](other.md#over-there) and `mambound count --to N`, see `lib/code.cpp`.

```console
$ mambound count --to 3
1
2
3
took ... s
$ mambound count --to x 2>&1 # exit 2
mambound: --to x: expected a number
$ mambound count \\
    --out f
$ cat f
kept
$ cat >g <<'END'
> one
>
> two
> END
$ cat g
one

two
```

```console by hand 2026-01-31, 3 hours
$ mambound count --to 1000000
1
```

```cpp lib/code.cpp
int a = 1;
...
return a;
```
"""

# What is changed, and a part of the complaint that must name its line.
WRONG = [
    ("took ... s", "took 0.126 s", "page.md:6: prints other lines; the first that does not fit is `took 0.126 s`"),
    ("took ... s", "took 0.125... s", "page.md:6: "),
    ("3\ntook", "4\ntook", "page.md:6: "),
    ("2\n3\n", "2\n", "page.md:6: "),
    ("1\n2\n3\n", "1\n2\n2\n3\n", "page.md:6: "),
    ("took ... s\n", "", "page.md:6: prints other lines; the first that does not fit is after the last shown"),
    ("# exit 2", "# exit 3", "page.md:11: exit 2, expected 3"),
    (" # exit 2", "", "page.md:11: exit 2, expected 0"),
    ("2>&1 # exit 2\n", "# exit 2\n", "page.md:11: prints other lines"),
    ("kept\n$ cat >g", "lost\n$ cat >g", "page.md:15: "),
    ("> one", "> other", "page.md:22: "),
    ("(#counting)", "(#mounting)", "page.md:3: no such heading"),
    ("over-there", "overthere", "page.md:3: no such heading"),
    ("other.md", "others.md", "page.md:3: the link leads nowhere"),
    ("`mambound count --to N`", "`mambound count --too N`", "page.md:3: mambound count has no option --too"),
    ("`mambound count --to N`", "`mambound counts`", "page.md:3: the program has no command counts"),
    ("--to 1000000", "--too 1000000", "page.md:29: mambound count has no option --too"),
    ("by hand 2026-01-31, 3 hours", "by hand", "page.md:28: expected ```console"),
    ("return a;", "return b;", "page.md:36: these lines are not in lib/code.cpp"),
    ("int a = 1;\n...\nreturn a;", "return a;\n...\nint a = 1;", "page.md:36: these lines are not in lib/code.cpp"),
    ("int a = 1;\n...\n", "int a = 1;\n", "page.md:34: these lines are not in lib/code.cpp"),
    ("see `lib/code.cpp`", "see `lib/codes.cpp`", "page.md:3: there is no lib/codes.cpp"),
    ("cpp lib/code.cpp", "cpp none.cpp", "page.md:33: no file none.cpp"),
    ("cpp lib/code.cpp", "cpp", "page.md:33: a block of `cpp` is not checked"),
    ("A [link]", "    mambound count\n\nA [link]", "page.md:3: code by indentation"),
    ("return a;\n```\n", "return a;\n", "page.md:33: ``` without its end"),
    ("$ mambound count --to 3\n", "", "page.md:6: output before the first"),
]


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        for name, text in {"mambound": PROGRAM, "other.md": "# Over there\n", "lib/code.cpp": "int f() {\n  int a = 1;\n  ++a;\n  return a;\n}\n"}.items():
            os.makedirs(os.path.dirname(os.path.join(self.folder.name, name)), exist_ok=True)
            with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
                file.write(text)
        os.chmod(os.path.join(self.folder.name, "mambound"), 0o755)

    def tearDown(self):
        self.folder.cleanup()

    def judged(self, page):
        with open(os.path.join(self.folder.name, "page.md"), "w", encoding="utf-8") as file:
            file.write(page)
        arguments = [self.folder.name, os.path.join(self.folder.name, "mambound"), os.path.join(self.folder.name, "work"), "page.md"]
        made = subprocess.run([sys.executable, "-B", CHECK, *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(made.stderr, "")
        return made.returncode, made.stdout

    def test_a_true_page_passes(self):
        code, text = self.judged(PAGE)
        self.assertEqual(code, 0, text)
        self.assertIn("6 commands run, 0 complaints", text)

    def test_a_line_of_dots_stands_for_any_lines(self):
        for shown in ["1\n...\n", "...\n", "...\n3\n...\n", "1\n2\n3\n...\ntook ... s\n"]:
            self.assertEqual(self.judged(PAGE.replace("1\n2\n3\ntook ... s\n", shown))[0], 0, shown)
        for shown in ["2\n...\n", "...\n4\n...\n", "1\n...\n3\n"]:
            self.assertEqual(self.judged(PAGE.replace("1\n2\n3\ntook ... s\n", shown))[0], 1, shown)

    def test_a_page_of_a_command_names_its_options_only(self):
        for title, known, unknown in [("count", "--to", "--too"), ("count", "--out FILE", "--deep"), ("group and count", "--deep", "--deeper"),
                                      ("group and count", "--to", "--inner")]:
            self.assertEqual(self.judged(f"# mambound {title}\n\n`{known}`\n")[0], 0, known)
            code, text = self.judged(f"# mambound {title}\n\n`{unknown}`\n")
            self.assertEqual(code, 1, unknown)
            self.assertIn(f"page.md:3: mambound {title} has no option {unknown}", text)

    def test_every_wrong_page_is_seen(self):
        for old, new, complaint in WRONG:
            with self.subTest(old=old, new=new):
                page = PAGE.replace(old, new, 1)
                self.assertNotEqual(page, PAGE)
                code, text = self.judged(page)
                self.assertEqual(code, 1, text)
                self.assertIn(complaint, text)


if __name__ == "__main__":
    unittest.main()
