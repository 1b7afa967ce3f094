#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Doxygen's view of a public header: plain comments become documentation, word for word.

What a comment is about is taken as readers of the header take it: all declarations that follow it,
up to the next comment or an empty line; in a struct all members up to the next comment of that kind,
in an enum the one below, or, where it ends in a colon, all up to the next that does; in C++, where
bodies stand between declarations, the one below. A remark behind a member is about that member.

usage: doxygen-filter.py HEADER    prints it
"""
import re
import sys

# What Doxygen would take for a command, for HTML, or for a dash.
SPECIAL = re.compile(r"[\\@&#%<>]|::|---?")
MEMBERS = re.compile(r"(?:typedef )?(struct|enum|class)\b[^;]*$")


def escaped(text):
    """Plain text, of which only `code` means anything."""
    text = SPECIAL.sub(lambda found: "\\" + found.group(), text)
    return re.sub(r"`([^`]+)`", r"<tt>\1</tt>", text)


def text_of(comment):
    """The lines of a comment, without its marks and the margin."""
    body = "\n".join(comment).strip()[2:-2]
    text = "\n".join(re.sub(r"^\s*\* ?", "", line).rstrip() for line in body.split("\n"))
    return text.strip("\n").split("\n")


def documentation(text, indent, command=""):
    """A comment that Doxygen hears. Lines that stand farther in are tables and examples, and stay as
    they are."""
    out = [f"{indent}/**{command}"]
    inside = False
    for line in text:
        indented = line.startswith("  ")
        if indented and not inside:
            out.append("@verbatim")
        elif line and not indented and inside:
            out = ended(out)
        inside = indented or (inside and not line)
        out.append(line if inside else f"{indent} * {escaped(line.strip())}".rstrip())
    return (ended(out) if inside else out) + [f"{indent} */"]


def ended(lines):
    """Lines that stay as they are, and their end, without empty lines between the two."""
    while not lines[-1]:
        lines = lines[:-1]
    return lines + ["@endverbatim"]


def blocks(lines):
    """(is it a comment on lines of its own, its lines) in their order."""
    at = 0
    while at < len(lines):
        end = at + 1
        comment = lines[at].lstrip().startswith("/*")
        if comment:
            while "*/" not in lines[end - 1]:
                end += 1
        yield comment, lines[at:end]
        at = end


def remark(line):
    """A line of code whose remark, if there is one, is about what stands before it."""
    found = re.match(r"(\s+\S.*?)/\* ?(.*?) ?\*/$", line)
    return f"{found.group(1)}/**< {escaped(found.group(2))} */" if found else line


class Header:
    """Goes through a header once, from the top."""

    def __init__(self, bodies):
        self.bodies = bodies    # it is C++, with bodies of functions
        self.out = []
        self.about = None       # the comment that further declarations are about
        self.heading = None     # in an enum, the last comment that ended in a colon
        self.inside = None      # the keyword of what has members, between its braces
        self.fresh = True       # a declaration begins with the next line
        self.guarded = False    # past the first preprocessor line

    def comment(self, lines):
        indent = re.match(" *", lines[0]).group()
        text = text_of(lines)
        self.fresh = True
        if not self.guarded:
            if "SPDX" not in lines[0]:
                self.out += documentation(text, indent, " @file")
            return
        if self.inside == "enum" and text[-1].rstrip().endswith(":"):
            self.heading = documentation(text, indent)
        else:
            self.about = documentation(text, indent)

    def code(self, line):
        plain = re.sub(r"\s*/\*.*?\*/$", "", line)
        self.guarded |= line.startswith("#")
        if line.startswith("#"):
            self.about = None
        elif not plain.strip():
            self.about = self.about if self.inside else None
        elif line.startswith("}"):
            self.about = self.heading = self.inside = None
        elif self.fresh:
            self.out += (self.heading or []) + (self.about or [])
            if self.inside == "enum" or (self.bodies and self.inside != "struct"):
                self.about = None
        self.out.append(remark(line))
        found = MEMBERS.match(plain)
        if found:
            self.inside = found.group(1)
            self.about = None
        if plain.strip():
            ends = "," if self.inside == "enum" else (";", "}", ":")
            self.fresh = bool(found) or plain.endswith(ends) or line.startswith(("#", "}"))


def documented(lines, bodies):
    """The header's lines, with comments that Doxygen hears."""
    header = Header(bodies)
    for comment, block in blocks(lines):
        if comment:
            header.comment(block)
        else:
            header.code(block[0])
    return header.out


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = "\n".join(documented(file.read().splitlines(), sys.argv[1].endswith("pp")))
    # Macros on one line, as their values are shown.
    text = re.sub(r"\s*\\\n\s*", " ", text)
    # A struct and its typedef of the same name are one thing.
    print(re.sub(r"typedef (struct (\w+) \{.*?\n\}) \2;", r"\1;", text, flags=re.DOTALL))


if __name__ == "__main__":
    main()
