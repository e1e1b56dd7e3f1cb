#!/usr/bin/env python3
"""Do the documents say what is so?   check.py ROOT PROGRAM WORKDIR PAGE...

Of each page (Markdown, relative to ROOT):
* ```console blocks are run, the blocks of a page in its order and in one empty folder, with PROGRAM's folder first on PATH. A line
  `$ COMMAND` (continued by a backslash, or by `> ` lines of a here-document) must exit with 0, or with N where the command ends in
  `# exit N`. The lines up to the next `$` are its standard output, and standard error where the command says 2>&1. In them `...`
  stands for one or more characters of a line; a line that is `...` alone for any number of lines. Anything else must be equal.
* ```console by hand DATE, TIME: a block that takes too long for that; only its options are checked.
* ```LANGUAGE PATH blocks are excerpts of the file: the same lines, but for indentation; a line `...` leaves some out. ```text is free.
  Other blocks are not allowed, nor is code by indentation.
* Every `mambound COMMAND ... --option`, run or not, must be a command and options that PROGRAM's --help knows; on a page with the
  title `mambound COMMAND`, or `... and COMMAND`, so must every `--option` alone.
* Links into ROOT must resolve, also to their #heading; `lib/...`, `theory/...` and the like in backticks must be there.
Prints PAGE:LINE and what is wrong; exit 1 if anything is."""

import os
import re
import shutil
import subprocess
import sys
import time

FENCE = re.compile(r"^```(.*)$")
BY_HAND = re.compile(r"^by hand \d{4}-\d\d-\d\d, .+$")


class Page:
    """The lines of a page, parted into prose and blocks: (info, first line number, lines)."""

    def __init__(self, path, complain):
        self.prose, self.blocks = [], []
        block = None
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file.read().split("\n"), 1):
                fence = FENCE.match(line)
                if block is not None and line == "```":
                    self.blocks.append(block)
                    block = None
                elif block is not None:
                    block[2].append(line)
                elif fence:
                    block = (fence[1].strip(), number + 1, [])
                else:
                    if line.startswith("    ") and not line.lstrip().startswith(("*", "-", "|")):
                        complain(number, "code by indentation: give it a ``` block, so that it is checked")
                    self.prose.append((number, line))
        if block is not None:
            complain(block[1] - 1, "``` without its end")


def steps(first, lines, complain):
    """The commands of a console block: (line number, text for bash, exit code, shown output)."""
    found = []
    i = 0
    while i < len(lines):
        if not lines[i].startswith("$ "):
            complain(first + i, "output before the first `$ `")
            return found
        start, command = i, lines[i][2:]
        while command.endswith("\\") and i + 1 < len(lines):
            i += 1
            command += "\n" + lines[i]
        i += 1
        while i < len(lines) and (lines[i] + " ").startswith("> ") and "<<" in command:
            command += "\n" + lines[i][2:]
            i += 1
        shown = []
        while i < len(lines) and not lines[i].startswith("$ "):
            shown.append(lines[i])
            i += 1
        code = re.search(r"# exit (\d+)$", command)
        found.append((first + start, command, int(code[1]) if code else 0, shown))
    return found


def pattern(line):
    return re.compile("(.+)".join(re.escape(part) for part in line.split("...")))


def difference(shown, printed):
    """Index of the first shown line that what was printed does not have in its place, or None."""
    # reach: after which numbers of printed lines the shown ones so far can end.
    reach = {0}
    for i, line in enumerate(shown):
        if line == "...":
            reach = set(range(min(reach), len(printed) + 1))
        else:
            expected = pattern(line)
            reach = {n + 1 for n in reach if n < len(printed) and expected.fullmatch(printed[n])}
        if not reach:
            return i
    return None if len(printed) in reach else len(shown)


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def anchors(path):
    """Anchors of a page; of a heading that is there again, the second gets -1."""
    seen, result, fenced = {}, set(), False
    with open(path, encoding="utf-8") as file:
        for line in file:
            fenced ^= line.startswith("```")
            heading = re.match(r"#+ (.*)", line)
            if heading and not fenced:
                name = slug(heading[1])
                again = seen.get(name, 0)
                seen[name] = again + 1
                result.add(f"{name}-{again}" if again else name)
    return result


class Help:
    """What the program's --help knows."""

    def __init__(self, program):
        self.program, self.texts = program, {}

    def text(self, command):
        if command not in self.texts:
            asked = [self.program, *command.split(), "--help"]
            made = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
            self.texts[command] = made.stdout if made.returncode == 0 else None
        return self.texts[command]

    def path(self, command):
        """The command, and its only subcommand if it has one."""
        inner = re.search(r"^Subcommands:\n +([\w-]+) .*\n(?! )", self.text(command) or "", re.M)
        return [command, inner[1]] if inner else [command]

    def wrong(self, words):
        """What is wrong with a command line "mambound ...", or None."""
        command = words[1] if len(words) > 1 and not words[1].startswith("-") else ""
        if len(words) > 2 and words[1:3] == self.path(command):
            command += " " + words[2]
        known = self.text(command)
        if known is None:
            return f"the program has no command {command}"
        for word in words[1:]:
            option = word.split("=")[0]
            if option.startswith("--") and not re.search(r"(?<![\w-])" + re.escape(option) + r"(?![\w-])", known):
                return f"mambound {command} has no option {option}"
        return None


def program_calls(text):
    """Command lines of the program within shell text, as lists of words."""
    text = re.sub(r"\\\n", " ", text)
    return [re.split(r"\s+", call.strip()) for call in re.findall(r"(?:^|[;&|(]|\b-n \d+)\s*(mambound(?=\s|$)[^;&|()<>\n#]*)", text, re.M)]


class Checker:
    def __init__(self, root, program, work):
        self.root, self.work, self.help = root, work, Help(program)
        self.environment = {**os.environ, "PATH": os.path.dirname(program) + os.pathsep + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                            "NO_COLOR": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        self.complaints = 0
        self.commands = 0

    def check(self, name):
        def complain(line, what):
            print(f"{name}:{line}: {what}")
            self.complaints += 1

        start, before = time.monotonic(), self.commands
        page = Page(os.path.join(self.root, name), complain)
        folder = os.path.join(self.work, name.replace("/", "_"))
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for info, first, lines in page.blocks:
            self.block(info, first, lines, folder, complain)
        title = re.match(r"# mambound ([\w-]+)(?: and ([\w-]+))?$", page.prose[0][1] if page.prose else "")
        for number, line in page.prose:
            for span in re.findall(r"`(mambound [^`]*)`", line):
                self.options(span, number, complain)
            for option in re.findall(r"`(--[\w-]+)[^`]*`", line) if title else ():
                if all(self.help.wrong(["mambound", *self.help.path(command), option]) for command in title.groups() if command):
                    complain(number, f"{title[0][2:]} has no option {option}")
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                self.link(name, target, number, complain)
            for path in re.findall(r"`((?:lib|theory|proptests|tests|bench)/[\w./-]*)`", line):
                if not os.path.exists(os.path.join(self.root, path)):
                    complain(number, f"there is no {path}")
        print(f"{name}: {self.commands - before} commands, {time.monotonic() - start:.1f} s", flush=True)

    def block(self, info, first, lines, folder, complain):
        language, _, rest = info.partition(" ")
        if language == "text" and not rest:
            return
        if language == "console":
            if rest and not BY_HAND.match(rest):
                complain(first - 1, "expected ```console, or ```console by hand YYYY-MM-DD, TIME")
            for number, command, code, shown in steps(first, lines, complain):
                self.options(command, number, complain)
                if not rest:
                    self.run(number, command, code, shown, folder, complain)
        elif language and rest:
            self.excerpt(rest, first, lines, complain)
        else:
            complain(first - 1, f"a block of `{info}` is not checked: ```console, ```LANGUAGE PATH or ```text")

    def options(self, text, number, complain):
        for words in program_calls(text):
            wrong = self.help.wrong(words)
            if wrong:
                complain(number, wrong)

    def run(self, number, command, code, shown, folder, complain):
        self.commands += 1
        try:
            made = subprocess.run(["bash", "-c", command], cwd=folder, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            complain(number, "not done after 300 s")
            return
        if made.returncode != code:
            complain(number, f"exit {made.returncode}, expected {code}: {made.stderr.strip()[-500:]}")
            return
        printed = [line.rstrip() for line in made.stdout.split("\n")]
        while printed and not printed[-1]:
            printed.pop()
        shown = [line.rstrip() for line in shown]
        while shown and not shown[-1]:
            shown.pop()
        at = difference(shown, printed)
        if at is not None:
            complain(number, "prints other lines; the first that does not fit is " +
                     (f"`{shown[at]}`" if at < len(shown) else "after the last shown"))
            print("".join(f"    | {line}\n" for line in printed[:60]), end="")

    def excerpt(self, path, first, lines, complain):
        file = os.path.join(self.root, path)
        if not os.path.isfile(file):
            complain(first - 1, f"no file {path}")
            return
        with open(file, encoding="utf-8") as source:
            there = [line.strip() for line in source]
        # Each stretch between `...` lines stands in the file in one piece, after the one before.
        position = 0
        stretch = []
        for i, line in enumerate([*lines, "..."]):
            if line.strip() != "...":
                stretch.append(line.strip())
                continue
            starts = [n for n in range(position, len(there) - len(stretch) + 1) if there[n:n + len(stretch)] == stretch]
            if not starts:
                complain(first + i - len(stretch), f"these lines are not in {path}")
                return
            position = starts[0] + len(stretch)
            stretch = []

    def link(self, name, target, number, complain):
        if re.match(r"[a-z]+:", target):
            return
        path, _, anchor = target.partition("#")
        file = os.path.normpath(os.path.join(self.root, os.path.dirname(name), path)) if path else os.path.join(self.root, name)
        if not os.path.exists(file):
            complain(number, f"the link leads nowhere: {target}")
        elif anchor and anchor not in anchors(file):
            complain(number, f"no such heading: {target}")


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    root, program, work = (os.path.abspath(a) for a in sys.argv[1:4])
    checker = Checker(root, program, work)
    for page in sys.argv[4:]:
        checker.check(page)
    print(f"{checker.commands} commands run, {checker.complaints} complaints")
    sys.exit(1 if checker.complaints else 0)


if __name__ == "__main__":
    main()
