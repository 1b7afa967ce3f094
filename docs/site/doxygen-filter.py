#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Doxygen's view of a public header: plain comments become documentation. A comment is about all
declarations that follow it up to an empty line, as readers of the header take it."""
import re
import sys


def documented(lines):
    """The header's lines, with comments that Doxygen hears."""
    out = []
    at = 0
    seen_code = False
    while at < len(lines):
        line = lines[at]
        if line.startswith("/* SPDX") or not line.lstrip().startswith("/*"):
            out.append(trailing(line))
            seen_code |= line.startswith("#")
            at += 1
            continue
        end = at
        while "*/" not in lines[end]:
            end += 1
        comment = lines[at:end + 1]
        comment = [re.sub(r"<(?=\w)", r"\\<", text) for text in comment]
        comment[0] = comment[0].replace("/*", "/** @file\n *" if not seen_code else "/**", 1)
        rest = end + 1
        while rest < len(lines) and lines[rest].strip() and not lines[rest].startswith("#"):
            rest += 1
        comment = verbatim(comment)
        at = end + 1
        declarations = [] if line.startswith(" ") else parted(lines[at:rest])
        if len(declarations) < 2:
            out.extend(comment)
            continue
        for declaration in declarations:
            out += comment + declaration
            at += len(declaration)
    return out


def parted(lines):
    """The declarations that a comment is about: up to the next comment, each with its lines."""
    found = []
    for line in lines:
        if line.startswith("/*"):
            break
        if not found or found[-1][-1].endswith(";"):
            found.append([])
        found[-1].append(line)
    # What has members is one thing, however many lines end so.
    return found if all(lines[0].startswith(("IFP_API", "typedef")) for lines in found) else []


def verbatim(comment):
    """Lines that stand farther in are tables and examples, and stay as they are."""
    out = []
    inside = False
    for line in comment:
        indented = re.match(r" \* {3,}\S", line) is not None
        if indented != inside:
            out.append(" * @verbatim" if indented else " * @endverbatim")
            inside = indented
        if inside and "*/" in line:
            out += [line[2:].replace("*/", "").rstrip(), " * @endverbatim", " */"]
            continue
        out.append(line[2:] if inside else line)
    return out


def trailing(line):
    """A remark behind a member is about that member."""
    return re.sub(r"^(\s+\S.*)/\* ?", r"\1/**< ", line)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = "\n".join(documented(file.read().splitlines()))
    # A struct and its typedef of the same name are one thing.
    print(re.sub(r"typedef (struct (\w+) \{.*?\n\}) \2;", r"\1;", text, flags=re.DOTALL))


if __name__ == "__main__":
    main()
