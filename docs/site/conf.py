# SPDX-License-Identifier: MIT
"""The site: everything in docs/ and the READMEs, with the C reference from the headers and the Python
reference from the package. The source directory is the top of the repository, so that links between
files are the same there and here. scripts/site builds it."""
import logging
import os
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "bindings", "python"))
sys.dont_write_bytecode = True

from inferplan import __version__  # noqa: E402

project = "inferplan"
author = "the authors of inferplan"
copyright = "the authors of inferplan, under the MIT licence"
version = release = __version__

extensions = ["myst_parser", "breathe", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = ["docs/**", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
                    "bench/README.md", "examples/README.md", "examples/studies/README.md", "bindings/python/README.md"]
exclude_patterns = ["docs/site/Doxyfile"]
# Links to headings of other pages, down to this depth.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

breathe_projects = {"inferplan": os.environ["INFERPLAN_DOXYGEN_XML"]}
breathe_default_project = "inferplan"
breathe_domain_by_extension = {"h": "c"}
primary_domain = "c"
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autoclass_content = "both"

html_theme = "furo"
html_title = "inferplan"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
# The pages ask nobody else for anything.
html_theme_options = {"navigation_with_keys": False}


class OneNameTwice(logging.Filter):
    """C has names of its own for enums, so that enum ifp_option_type and the function ifp_option_type
    are two things; Sphinx takes the one for a repetition of the other."""

    def filter(self, record):
        message = record.getMessage()
        return not ("Duplicate C declaration" in message and "ifp_option_type" in message)


def setup(app):
    logging.getLogger("sphinx.sphinx.domains.c").addFilter(OneNameTwice())
