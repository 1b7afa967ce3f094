# SPDX-License-Identifier: MIT
"""Does the built site say all that it should, and does it load nothing from elsewhere?

Every public function has to be on a page, and every comment of a public header with whatever it is
about, to the letter but for white space. The quick start has to show the programs that it links to. Headers are read here by other means than for the site, so
that the two find each other's mistakes.

usage: check.py DIRECTORY    of scripts/site
"""
import ast
import html.parser
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# A comment, and the lines of code up to an empty line or the next comment in the same column.
BLOCK = r"^{0}/\*((?:(?!\*/).)*)\*/\n((?:(?!{0}/\*)[^\n]*\S[^\n]*\n)+)"
# Behind a member, on the same line.
REMARK = re.compile(r"^ {4}(?:\w+ +)*?\**(\w+)(?: = -?\w+)?[;,]? */\* (.*) \*/$", re.MULTILINE)
DECLARED = re.compile(r"^IFP_API [^(]*?(\w+)\(|^typedef [^(;{]*\(\*(\w+)\)|"
                      r"^(?:typedef )?(?:struct|enum|class) (\w+)|^inline [^(]*?(\w+)\(",
                      re.MULTILINE)
MEMBER = re.compile(r"using (\w+)|([\w~]+)\(|(\w+)(?: = -?\w+)?[;,]?(?: */\*.*)?$", re.MULTILINE)


def squeezed(text):
    """Without white space, and without what marks code in comments."""
    return re.sub(r"[\s`]", "", text)


def unstarred(comment):
    """Without the stars in its margin."""
    return re.sub(r"^ *\*", "", comment, flags=re.MULTILINE)


def comments(code, bodies):
    """(names, comment) for every comment of a public header that is about something; with bodies of
    functions it is C++."""
    # What is nobody's business but the header's.
    code = re.sub(r"^namespace detail\n.*?^} // namespace detail\n", "", code, flags=re.M | re.S)
    code = re.sub(r"^  private:\n.*?^};\n", "};\n", code, flags=re.M | re.S)
    for text, lines in re.findall(BLOCK.format(""), code, re.M | re.S):
        names = ["".join(found) for found in DECLARED.findall(lines)]
        yield names[:1] if bodies else names, text
    for text, lines in re.findall(BLOCK.format(" {4}"), code, re.M | re.S):
        yield ["".join(MEMBER.search(lines).groups(""))], text
    for name, text in REMARK.findall(code):
        yield [name], text


class Page(html.parser.HTMLParser):
    """What a page declares, and what a browser would load from elsewhere for it."""

    def __init__(self, path):
        super().__init__()
        self.text = ""
        self.entries = []       # [signatures, text] of each entry
        self.loads = []
        self.ids = set()
        self.open = []          # (tag, entry)
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            loads = name in ("src", "srcset", "data", "poster") or (tag, name) == ("link", "href")
            if loads and value and value.startswith(("http:", "https:", "/")):
                self.loads.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.add(value)
        if tag == "dl":
            self.entries.append(["", ""])
        if tag not in VOID:
            self.open.append((tag, self.entries[-1] if tag == "dl" else None))

    def handle_endtag(self, tag):
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.text += data
        part = None
        for tag, entry in reversed(self.open):
            part = part or (tag if tag in ("dt", "dd") else None)
            if entry is not None and part:
                entry[part == "dd"] += data
                part = "dd"


def about_headers(site):
    """What is wrong with the pages of the headers."""
    symbols = [line.split()[0] for line in
               (TOP / "tests" / "abi" / "symbols.txt").read_text(encoding="utf-8").splitlines()
               if line.startswith("ifp_")]
    found = 0
    for header in sorted((TOP / "include" / "inferplan").glob("*.h*")):
        page = site / "html" / "docs" / "site" / "c" / f"{header.stem}.html"
        if header.suffix == ".hpp":
            page = site / "html" / "docs" / "site" / "cpp.html"
        elif header.stem in ("export", "inferplan"):
            continue
        if not page.exists():
            yield f"{header.name} has no page {page.relative_to(site)}"
            continue
        shown = Page(page)
        entries = [(set(re.findall(r"[\w~]+", signature)), squeezed(text))
                   for signature, text in shown.entries]
        head, code = header.read_text(encoding="utf-8").split("\n#ifndef", 1)
        head = head[head.rindex("/*") + 2:head.rindex("*/")]
        if squeezed(unstarred(head)) not in squeezed(shown.text):
            yield f"{header.name}: what it begins with is not on its page"
        declared = re.findall(r"^IFP_API [^(]*?(\w+)\(", code, re.MULTILINE)
        for name in declared:
            if not any(name in words for words, _ in entries):
                yield f"{header.name}: {name} is not on its page"
        symbols = [name for name in symbols if name not in declared]
        for names, text in comments(code, header.suffix == ".hpp"):
            wanted = squeezed(unstarred(text))
            for name in names:
                found += 1
                if not any(name in words and wanted in said for words, said in entries):
                    yield f"{header.name}: of {name} its page does not say: {text.strip()}"
            if not names:
                yield f"{header.name}: nobody knows what this is about: {text.strip()}"
    for name in symbols:
        yield f"{name} is in no header that has a page"
    if found < 200:
        yield f"only {found} comments were found in the headers"


def about_python(site):
    """Public names of the package that are not on its page."""
    ids = Page(site / "html" / "docs" / "site" / "python.html").ids
    package = TOP / "bindings" / "python" / "inferplan"
    for module in ("", "importers", "pictures", "catalogue"):
        file = package / module / "__init__.py"
        file = file if file.exists() else package / f"{module}.py"
        lists = [ast.literal_eval(node.value) for node in
                 ast.parse(file.read_text(encoding="utf-8")).body
                 if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"]
        prefix = f"inferplan.{module}." if module else "inferplan."
        for name in lists[0]:
            if not name.startswith("_") and prefix + name not in ids:
                yield f"{prefix}{name} is not in the Python reference"


def about_programs(site):
    """Programs that the quick start links to and does not show."""
    source = (TOP / "docs" / "quick-start.md").read_text(encoding="utf-8")
    shown = squeezed(Page(site / "html" / "docs" / "quick-start.html").text)
    linked = re.findall(r"\]\(\.\./(examples/[\w.]+)\)", source)
    for name in linked:
        program = (TOP / name).read_text(encoding="utf-8").splitlines()
        if squeezed("".join(program[-5:])) not in shown:
            yield f"quick-start.md links to {name}; its page does not show it"
    if len(linked) < 3:
        yield f"quick-start.md links to only {len(linked)} programs"


def about_loads(site):
    """What pages, styles, scripts and pictures would load from beyond the site."""
    for path in sorted((site / "html").rglob("*.*")):
        found = []
        if path.suffix == ".html":
            found = Page(path).loads
        elif path.suffix in (".css", ".svg"):
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            found = re.findall(r"url\([\"']?(?:https?:|/)[^)]*\)|@import[^;]*;|"
                               r"<(?:image|use)[^>]*href=\"(?:https?:|/)[^>]*>", text)
        elif path.suffix == ".js":
            found = re.findall(r"^(?:import|export) .*", path.read_text(encoding="utf-8"),
                               re.MULTILINE)
        for what in found:
            yield f"{path.relative_to(site)} would load {what}"


def main():
    site = pathlib.Path(sys.argv[1])
    wrong = [*about_headers(site), *about_python(site), *about_programs(site), *about_loads(site)]
    for line in wrong:
        print(" ".join(line.split()), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
