# SPDX-License-Identifier: MIT
"""Is a page of `solve --report` one that a browser can show by itself? Prints what is wrong.

usage: page.py PAGE [WORDS]...   each of the words has to be in its text
"""
import html.parser
import sys
import xml.etree.ElementTree

VOID = {"meta", "link"}
FORBIDDEN = {"script", "img", "iframe", "object", "embed", "base", "form", "image", "use"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.wrong = []
        self.text = []
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag in FORBIDDEN:
            self.wrong.append(f"a <{tag}>")
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcset", "xlink:href"):
                self.wrong.append(f"an attribute {name} of {tag}")
            if name == "href" and value != "data:,":
                self.wrong.append(f"a link to {value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        self.text.append(data)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        source = file.read()
    page = Page()
    page.feed(source)
    page.close()
    text = " ".join(page.text)
    wrong = page.wrong + [f"<{tag}> is not closed" for tag in page.open]
    wrong += [f"not there: {words}" for words in sys.argv[2:] if words not in text]
    rest = source.replace('xmlns="http://www.w3.org/2000/svg"', "")
    if "://" in rest or "url(" in rest or "@import" in rest:
        wrong.append("an address to load from")
    if "Content-Security-Policy" not in source:
        wrong.append("no policy against loading")
    for start in [at for at in range(len(source)) if source.startswith("<svg", at)]:
        picture = source[start:source.index("</svg>", start) + 6]
        try:
            xml.etree.ElementTree.fromstring(picture)
        except xml.etree.ElementTree.ParseError as error:
            wrong.append(f"a picture is no XML: {error}")
        if "nan" in picture.replace("name", "") or '"inf' in picture:
            wrong.append("a picture has coordinates that are no numbers")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


sys.exit(main())
