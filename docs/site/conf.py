# SPDX-License-Identifier: MIT
"""The site: everything in docs/ and the READMEs, with the reference of C and C++ from the headers and
that of Python from the package. The source directory is the top of the repository, so that links
between files are the same there and here. scripts/site builds it."""
import logging
import os
import pathlib
import re
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "bindings", "python"))
sys.dont_write_bytecode = True

from sphinx import addnodes  # noqa: E402

from inferplan import __version__  # noqa: E402

project = "inferplan"
author = "the authors of inferplan"
copyright = "the authors of inferplan, under the MIT licence"
version = release = __version__

extensions = ["myst_parser", "breathe", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = ["docs/**", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
                    "bench/README.md", "examples/README.md", "examples/profiles/README.md",
                    "examples/studies/README.md",
                    "bindings/python/README.md"]
exclude_patterns = ["docs/site/Doxyfile"]
# Quotes and dashes stay as they are written: most of them are part of something to type.
smartquotes = False
# Links to headings of other pages, down to this depth.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

breathe_projects = {"inferplan": os.environ["INFERPLAN_DOXYGEN_XML"]}
breathe_default_project = "inferplan"
breathe_domain_by_extension = {"h": "c", "hpp": "cpp"}
breathe_show_define_initializer = True
breathe_show_enumvalue_initializer = True
primary_domain = "c"
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autoclass_content = "both"

# Whatever is named in a signature has a page here, but for the standard libraries of the languages.
nitpicky = True
nitpick_ignore_regex = [
    ("c:identifier", "size_t|u?int64_t"),
    ("cpp:identifier", "std(::.*)?|inferplan|(ifp|IFP)_.*"),
    # The base of Instance, whose methods stand there.
    ("py:class", r"inferplan\._base_instance\.(BaseInstance|_Made)"),
    # Plain data inside a MeasuredProfile, described in its docstring.
    ("py:class", r"inferplan\.importers\._(curve\.Curve|law\.Fit|runs\.LeftOut)"),
    ("py:class", r"os\.PathLike|datetime\.datetime|concurrent\.futures\._base\.Executor"),
]

html_theme = "furo"
html_title = "inferplan"
html_static_path = ["static"]
html_css_files = ["site.css"]
# Where a server looks first.
html_extra_path = ["top"]
html_show_sphinx = False
# The pages ask nobody else for anything.
html_theme_options = {"navigation_with_keys": False}


class OneNameTwice(logging.Filter):
    """C has names of its own for enums, so that enum ifp_option_type and the function of that name are
    two things; Sphinx takes the one for a repetition of the other."""

    def filter(self, record):
        message = record.getMessage()
        return not ("Duplicate C declaration" in message and "ifp_option_type" in message)


def share_text(_app, doctree):
    """Functions that stand next to each other under one comment become one entry with several
    signatures, as the header has them, and not the comment over and over."""
    for section in doctree.findall(lambda node: len(list(node.children)) > 1):
        first = None
        for node in list(section.children):
            if isinstance(node, addnodes.desc) and node.get("objtype") == "function":
                text = node[-1].astext()
                if first is not None and text and text == first[-1].astext():
                    at = len(first) - 1
                    first[at:at] = node[:-1]
                    section.remove(node)
                else:
                    first = node
            elif isinstance(node, addnodes.desc):
                first = None


# A line that is a link to a program and nothing else.
PROGRAM = re.compile(r"^\[[^\]\n]*\]\(([./]*/examples/[\w.]+\.(py|cpp|c))\)$", re.MULTILINE)


def show_programs(_app, _name, source):
    """The site shows the program below the link: other readers of the page could not include it."""
    def shown(match):
        path, kind = match.groups()
        language = {"py": "python"}.get(kind, kind)
        start = ":start-after: '\"\"\"'\n" if kind == "py" else ""
        return f"{match[0]}\n\n```{{literalinclude}} {path}\n:language: {language}\n{start}```"

    source[0] = PROGRAM.sub(shown, source[0])


def complete_theme(app, failure):
    """Debian's furo leaves two things to be found elsewhere: a style at the root of the server, and a
    script, imported as a module by one that is none. Both are put where they are asked for."""
    if failure:
        return
    theme = pathlib.Path(app.outdir, "_static")
    scripts = theme / "scripts"
    for file, asked, given in (
            (theme / "styles" / "furo.css", "@import url(/javascript/normalize.css/normalize.css);",
             pathlib.Path("/usr/share/javascript/normalize.css/normalize.css")),
            (scripts / "furo.js", 'import Gumshoe from "./gumshoe-patched.js";',
             scripts / "gumshoe-patched.js")):
        text = file.read_text(encoding="utf-8")
        if asked in text:
            file.write_text(text.replace(asked, given.read_text(encoding="utf-8"), 1),
                            encoding="utf-8")


def setup(app):
    logging.getLogger("sphinx.sphinx.domains.c").addFilter(OneNameTwice())
    app.connect("source-read", show_programs)
    app.connect("doctree-read", share_text)
    app.connect("build-finished", complete_theme)
