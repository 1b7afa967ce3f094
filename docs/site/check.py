# SPDX-License-Identifier: MIT
"""Is every public function in the built site, with its documentation, and does no page ask another
machine for anything?

usage: check.py DIRECTORY    of scripts/site
"""
import html.parser
import pathlib
import sys
import xml.etree.ElementTree

TOP = pathlib.Path(__file__).resolve().parents[2]


def documented(directory):
    """Functions with documentation in what Doxygen has made."""
    found = set()
    for file in directory.glob("*.xml"):
        for member in xml.etree.ElementTree.parse(file).getroot().iter("memberdef"):
            text = "".join("".join(part.itertext()) for kind in ("brief", "detailed")
                           for part in member.iter(f"{kind}description"))
            if member.get("kind") == "function" and text.strip():
                found.add(member.findtext("name"))
    return found


class Loads(html.parser.HTMLParser):
    """What a browser would load from elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            loads = name in ("src", "srcset", "data") or (tag == "link" and name == "href")
            if loads and value and value.startswith(("http:", "https:", "//")):
                self.found.append(f"{tag} {name}={value}")


def main():
    site = pathlib.Path(sys.argv[1])
    wrong = []
    lines = (TOP / "tests" / "abi" / "symbols.txt").read_text().splitlines()
    symbols = [line.split()[0] for line in lines if line.startswith("ifp_")]
    known = documented(site / "doxygen" / "xml")
    pages = {path: path.read_text(encoding="utf-8") for path in site.glob("html/**/*.html")}
    reference = "".join(text for path, text in pages.items() if path.parent.name == "c")
    for name in symbols:
        if name not in known:
            wrong.append(f"{name} has no documentation in its header")
        if f'id="c.{name}"' not in reference:
            wrong.append(f"{name} is on no page")
    for path, text in pages.items():
        loads = Loads()
        loads.feed(text)
        wrong += [f"{path.relative_to(site)} would load {what}" for what in loads.found]
    if not symbols or not pages:
        wrong.append("there is nothing to check")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


sys.exit(main())
