# SPDX-License-Identifier: MIT
"""The declarations of inferplan._library held against the public headers: prototypes, structures,
callbacks and enumerations. Each kind of change to a header is planted in a copy, and found."""
import ast
import ctypes
import os
import re
import unittest
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple

from inferplan import _library

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
INCLUDE = os.path.join(TOP, "include", "inferplan")
PACKAGE = os.path.dirname(_library.__file__)

#: What the package uses of the headers, by the names there. A class holds the values of an
#: enumeration; its second entry is the prefix of their names.
STRUCTURES = {"ifp_stress_options": _library.StressOptions,
              "ifp_cost_part": _library.CostPartEntry}
CALLBACKS = {"ifp_progress_function": _library.ProgressFunction,
             "ifp_log_function": _library.LogFunction,
             "ifp_stress_function": _library.StressFunction}
ENUMS = {"ifp_code": (_library.Code, "IFP_ERROR_"), "ifp_status": (_library.Status, "IFP_STATUS_"),
         "ifp_picture": (_library.Picture, "IFP_PICTURE_")}

#: The classes of handles in the prototypes.
HANDLES = {kind.__name__: kind for result, given in _library.PROTOTYPES.values()
           for kind in (result, *given) if kind and kind.__name__.startswith("ifp_")}

#: Values of these enumerations that the package does not need.
UNUSED_VALUES = {"IFP_OK"}

#: The public functions without a prototype, by the reason why the package does not need them.
UNUSED = {
    "the JSON documents hold these figures": (
        "limit_kind_word "
        "solution_status solution_status_word solution_stop solution_objective solution_bound "
        "solution_gap solution_seconds solution_engine solution_plan solution_check "
        "check_feasible check_max_violation check_cost check_limit_count check_limit check_plan "
        "check_note_count check_note solution_note_count solution_note "
        "solution_removed_count solution_removed solution_removed_example "
        "solution_removed_nearest "
        "plan_instance_name plan_deployment plan_deployment_count plan_route plan_route_count "
        "plan_unmet plan_unmet_count stress_samples stress_row_count stress_row "
        "model_instance "
        "instance_profile_count instance_profile_model instance_profile_tier "
        "instance_profile_degree instance_point_count instance_point_name "
        "instance_measured_count instance_measured_query"),
    "profiles come from files and dictionaries": (
        "instance_add_profile instance_add_point instance_add_measured"),
    "options are set by name and text": (
        "options_set_number options_set_word options_number options_word options_copy "
        "option_count option_key option_type option_name option_allowed option_default "
        "option_doc"),
    "plans are read from texts": "plan_read_file",
    "not offered in Python yet": (
        "picture_word check_deployment_cost model_removed removal_kind removal_text removal_word model_configuration_count "
        "model_route_count"),
}

#: C types that are passed by value, and arrays and results that are passed by pointer.
PLAIN = {"void": None, "int": ctypes.c_int, "double": ctypes.c_double, "size_t": ctypes.c_size_t,
         "uint64_t": ctypes.c_uint64, "void *": ctypes.c_void_p,
         "double *": ctypes.POINTER(ctypes.c_double), "size_t *": ctypes.POINTER(ctypes.c_size_t)}


class Headers(NamedTuple):
    functions: Dict[str, Tuple[str, List[str]]]  # the type of the result, those of the arguments
    callbacks: Dict[str, Tuple[str, List[str]]]
    structures: Dict[str, List[Tuple[str, str]]]  # name and type of each field
    enums: Dict[str, Dict[str, int]]
    handles: List[str]


def texts() -> Dict[str, str]:
    found = {}
    for name in sorted(os.listdir(INCLUDE)):
        if name.endswith(".h"):
            with open(os.path.join(INCLUDE, name), encoding="utf-8") as file:
                found[name] = file.read()
    return found


def typed(declaration: str) -> Tuple[str, str]:
    """The name and the type of "const char *name"."""
    found = re.fullmatch(r"\s*(.*?[\s*])(\w+)\s*", declaration, re.DOTALL)
    if not found:
        raise ValueError(f"no declaration: {declaration!r}")
    return found.group(2), " ".join(found.group(1).replace("*", " * ").split()).replace("* *", "**")


def arguments(text: str) -> List[str]:
    return [] if text.strip() in ("void", "") else [typed(each)[1] for each in text.split(",")]


def parsed(text: str) -> Headers:
    """The declarations of a header. ValueError for what is not understood, so that nothing is left
    out."""
    made = Headers({}, {}, {}, {}, [])
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bIFP_(BEGIN|END)_DECLS\b", "", text)

    def take(pattern: str, put: Any) -> None:
        nonlocal text

        def once(found: "re.Match[str]") -> str:
            put(*found.groups())
            return ""
        text = re.sub(pattern, once, text, flags=re.DOTALL)

    def put_enum(name: str, body: str) -> None:
        made.enums[name] = {}
        for entry in filter(str.strip, body.split(",")):
            word, value = entry.split("=")
            made.enums[name][word.strip()] = int(value)

    def put_structure(name: str, body: str) -> None:
        made.structures[name] = [typed(each) for each in filter(str.strip, body.split(";"))]

    def put_function(result: str, given: str) -> None:
        name, kind = typed(result)
        made.functions[name] = kind, arguments(given)

    def put_callback(result: str, name: str, given: str) -> None:
        made.callbacks[name] = typed(result + " x")[1], arguments(given)

    take(r"enum\s+(\w+)\s*\{([^}]*)\}\s*;", put_enum)
    take(r"typedef\s+struct\s+(\w+)\s*\{([^}]*)\}\s*\1\s*;", put_structure)
    take(r"typedef\s+struct\s+(\w+)\s+\1\s*;", made.handles.append)
    take(r"typedef\s+([\w\s*]+?)\(\s*\*\s*(\w+)\s*\)\s*\(([^()]*)\)\s*;", put_callback)
    take(r"IFP_API\s+([\w\s*]+?)\(([^()]*)\)\s*;", put_function)
    if text.strip():
        raise ValueError(f"not understood: {text.strip()[:200]}")
    return made


def expected(kind: str, headers: Headers, result: bool = False, address: bool = False) -> Any:
    """The ctypes type for a C type. Texts that a function returns are borrowed if they are const.
    Others are owned, and freed by their address. Callbacks take handles as addresses, too."""
    bare = kind.replace("const ", "")
    if bare == "char *":
        return ctypes.c_char_p if kind.startswith("const ") else ctypes.c_void_p
    if bare in PLAIN and not (result and bare.endswith("*")):
        return PLAIN[bare]
    if bare in CALLBACKS:
        return CALLBACKS[bare]
    name = bare[:-2]
    if bare == name + " *" and name in HANDLES and name in headers.handles:
        return ctypes.c_void_p if address else HANDLES[name]
    if bare == name + " *" and name in STRUCTURES:
        return ctypes.POINTER(STRUCTURES[name])
    raise ValueError(f"no type of ctypes for {kind!r}")


def named(kinds: Any) -> str:
    return ", ".join("void" if kind is None else kind.__name__ for kind in kinds)


def different(what: str, found: Tuple[str, List[str]], result: Any, given: Any,
              headers: Headers) -> Iterator[str]:
    try:
        right = [expected(found[0], headers, True),
                 *(expected(each, headers, address=what in CALLBACKS) for each in found[1])]
    except ValueError as error:
        yield f"{what}: {error}"
        return
    if right != [result, *given]:
        yield f"{what}: Python has {named([result, *given])}; the header has {named(right)}"


def mistakes(sources: Dict[str, str]) -> List[str]:
    """The differences between the package and the texts of the headers."""
    headers = parsed("\n".join(sources.values()))
    found: List[str] = []
    for name, (result, given) in _library.PROTOTYPES.items():
        if "ifp_" + name not in headers.functions:
            found.append(f"ifp_{name}: not in the headers")
            continue
        found += different("ifp_" + name, headers.functions["ifp_" + name], result, given, headers)
    for name, callback in CALLBACKS.items():
        found += different(name, headers.callbacks.get(name, ("none", [])), callback._restype_,
                           callback._argtypes_, headers)
    for name, structure in STRUCTURES.items():
        right = [(field, expected(kind, headers)) for field, kind in headers.structures[name]]
        if right != list(structure._fields_):
            found.append(f"{name}: Python has {structure._fields_}; the header has {right}")
    for name, (values, prefix) in ENUMS.items():
        mine = {prefix + word: value for word, value in vars(values).items() if word.isupper()}
        theirs = {word: value for word, value in headers.enums.get(name, {}).items()
                  if word not in UNUSED_VALUES}
        if mine != theirs:
            found.append(f"{name}: differs in {sorted(set(mine.items()) ^ set(theirs.items()))}")
    unused = [f"ifp_{name}" for names in UNUSED.values() for name in names.split()]
    for name in sorted(set(headers.functions) - set(unused)):
        if name[len("ifp_"):] not in _library.PROTOTYPES:
            found.append(f"{name}: has no prototype, and no reason in UNUSED")
    found += [f"{name}: in UNUSED, but not a function without a prototype" for name in unused
              if name not in headers.functions or name[len("ifp_"):] in _library.PROTOTYPES]
    return found


class Declarations(unittest.TestCase):
    def test_headers(self) -> None:
        self.assertEqual(mistakes(texts()), [])

    def planted(self, header: str, old: str, new: str, *words: str) -> None:
        """One mistake, which names what was changed."""
        sources = texts()
        self.assertEqual(sources[header].count(old), 1, old)
        sources[header] = sources[header].replace(old, new)
        found = mistakes(sources)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_argument_added(self) -> None:
        self.planted("model.h", "ifp_model_set_start(ifp_model *model, const ifp_plan *plan)",
                     "ifp_model_set_start(ifp_model *model, const ifp_plan *plan, int how)",
                     "ifp_model_set_start: Python has c_int, ifp_model, ifp_plan; the header has "
                     "c_int, ifp_model, ifp_plan, c_int")

    def test_arguments_exchanged(self) -> None:
        self.planted("plan.h", "ifp_check_new(const ifp_instance *instance, const ifp_plan *plan,",
                     "ifp_check_new(const ifp_plan *plan, const ifp_instance *instance,",
                     "ifp_check_new: Python has ifp_check, ifp_instance, ifp_plan, ifp_error")

    def test_argument_removed(self) -> None:
        self.planted("report.h", "ifp_report_set_proof(ifp_report *report, int status, double bound)",
                     "ifp_report_set_proof(ifp_report *report, int status)", "ifp_report_set_proof")

    def test_argument_of_another_type(self) -> None:
        self.planted("instance.h", "(ifp_instance *instance, const char *path, double factor)",
                     "(ifp_instance *instance, const char *path, int factor)", "ifp_instance_scale",
                     "c_double; the header has c_int, ifp_instance, c_char_p, c_int")

    def test_result_of_another_type(self) -> None:
        self.planted("solution.h", "IFP_API double ifp_solution_nodes", "IFP_API size_t ifp_solution_nodes",
                     "ifp_solution_nodes")

    def test_text_that_becomes_owned(self) -> None:
        self.planted("instance.h", "IFP_API const char *ifp_instance_name", "IFP_API char *ifp_instance_name",
                     "ifp_instance_name: Python has c_char_p")

    def test_unknown_type(self) -> None:
        self.planted("instance.h", "IFP_API void ifp_text_free(char *text);",
                     "IFP_API void ifp_text_free(wchar_t *text);", "no type of ctypes for 'wchar_t *'")

    def test_function_removed(self) -> None:
        self.planted("report.h", "IFP_API char *ifp_report_write_html(const ifp_report *report);", "",
                     "ifp_report_write_html: not in the headers")

    def test_function_added(self) -> None:
        self.planted("version.h", "IFP_END_DECLS", "IFP_API int ifp_version_count(void);\nIFP_END_DECLS",
                     "ifp_version_count: has no prototype, and no reason")

    def test_callback(self) -> None:
        self.planted("stress.h", "(double part, void *user)", "(double part, double cost, void *user)",
                     "ifp_stress_function")

    def test_structure(self) -> None:
        for old, new in (("size_t samples;               /*", "size_t samples; int kind; /*"),
                         ("uint64_t seed; ", "double seed; ")):
            self.planted("stress.h", old, new, "ifp_stress_options")

    def test_enum(self) -> None:
        self.planted("solution.h", "IFP_STATUS_NO_PLAN = 4", "IFP_STATUS_NO_PLAN = 5", "ifp_status",
                     "IFP_STATUS_NO_PLAN")
        self.planted("error.h", "IFP_ERROR_BUSY = -8", "IFP_ERROR_BUSY = -8, IFP_ERROR_LATE = -9",
                     "ifp_code", "IFP_ERROR_LATE")
        self.planted("report.h", "IFP_PICTURE_GAP", "IFP_PICTURE_TIME", "ifp_picture", "IFP_PICTURE_TIME")

    def test_what_is_not_understood(self) -> None:
        with self.assertRaisesRegex(ValueError, "not understood: int ifp_more;"):
            parsed("IFP_API int ifp_first(void);\nint ifp_more;\n")


class Uses(unittest.TestCase):
    def test_functions(self) -> None:
        """The package calls only functions that have a prototype, and each of them."""
        called = set()
        for folder, _, names in os.walk(PACKAGE):
            for name in names:
                if not name.endswith(".py"):
                    continue
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    tree = ast.parse(file.read())
                for node in ast.walk(tree):
                    called |= set(self.function_names(node))
        missing = {name for name in called if name not in _library.PROTOTYPES} - {"path"}
        self.assertEqual(missing, set())
        self.assertEqual(set(_library.PROTOTYPES) - called, {"version"})

    def function_names(self, node: ast.AST) -> Iterator[str]:
        """The functions that ``lib.name``, or ``getattr(lib, f"..{part}..")``, may stand for."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "lib":
            yield node.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr" \
                and isinstance(node.args[0], ast.Name) and node.args[0].id == "lib":
            pattern = "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                              for part in getattr(node.args[1], "values", [node.args[1]]))
            found = [name for name in _library.PROTOTYPES if re.fullmatch(pattern, name)]
            self.assertTrue(found, pattern)
            yield from found


if __name__ == "__main__":
    unittest.main()
