"""What our code never does: run what a file says, open a shell, reach the network.

Read from the syntax tree, so that neither a comment nor a name of ours is taken for it.
"""

import ast

import pytest

from tests.core.test_house import PROGRAM, ROOT, name_of

SOURCES = [*PROGRAM, *sorted((ROOT / "resources").rglob("*.py"))]
RUNS_FILES = {
    "_pickle", "cPickle", "cloudpickle", "code", "dill", "joblib", "jsonpickle", "marshal",
    "pickle", "runpy", "shelve",
}  # fmt: skip
NETWORK = {
    "PySide6.QtNetwork", "PySide6.QtWebEngineWidgets", "PySide6.QtWebSockets", "aiohttp", "ftplib",
    "http", "httpx", "huggingface_hub", "imaplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "telnetlib", "urllib.request", "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
BARE_CALLS = {"__import__", "compile", "eval", "exec"}
CALLS = {
    "builtins.compile", "builtins.eval", "builtins.exec", "joblib.load", "np.fromfile",
    "numpy.fromfile", "os.popen", "os.system", "pd.read_pickle", "subprocess.getoutput",
    "subprocess.getstatusoutput", "torch.hub.load", "torch.jit.load", "torch.load", "torch.save",
    "yaml.full_load", "yaml.load", "yaml.load_all", "yaml.unsafe_load",
}  # fmt: skip
METHODS = {"enable_load_extension", "load_extension", "push_to_hub", "read_pickle", "to_pickle"}
ONLY = {  # keywords that have one value here
    "allow_pickle": False,
    "local_files_only": True,
    "shell": False,
    "trust_remote_code": False,
    "use_safetensors": True,
    "weights_only": True,
}
ALLOWED = {("core/offline.py", "import socket")}  # it forbids it


def dotted(node):
    """Return a name with its dots, "" for what is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def is_within(module, names):
    return any(module == name or module.startswith(f"{name}.") for name in names)


def forbidden(source):
    """Return what a source does that ours never does, as words."""
    return [words for node in ast.walk(ast.parse(source)) for words in _found(node)]


def _found(node):
    match node:
        case ast.Import(names=names):
            yield from _in_import([alias.name for alias in names])
        case ast.ImportFrom(module=str(module), names=names):
            yield from _in_import([module, *(f"{module}.{alias.name}" for alias in names)])
        case ast.Call():
            yield from _in_call(node)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from _wrong_value(getattr(key, "value", None), value)


def _in_import(modules):
    for module in modules:
        if is_within(module, RUNS_FILES | NETWORK) or module in CALLS:
            yield f"import {module}"


def _in_call(node):
    name = dotted(node.func)
    if name in CALLS or (isinstance(node.func, ast.Name) and name in BARE_CALLS):
        yield name
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        yield node.func.attr
    for keyword in node.keywords:
        yield from _wrong_value(keyword.arg, keyword.value)
    if name.endswith(".from_pretrained"):
        said = {keyword.arg for keyword in node.keywords}  # None for **
        if not said & {None, "local_files_only"}:
            yield "from_pretrained without local_files_only"


def _wrong_value(name, value):
    is_said = isinstance(name, str) and name in ONLY
    if is_said and not (isinstance(value, ast.Constant) and value.value is ONLY[name]):
        yield f"{name}={ast.unparse(value)}"


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib",
        "from urllib import request",
        "import urllib.request as ours",
        "from PySide6.QtNetwork import QNetworkAccessManager",
        "from PySide6 import QtNetwork",
        "import socket",
        "from torch import load",
        "from yaml import unsafe_load",
        "torch.load(path, weights_only=True)",
        "yaml.load(text, Loader=yaml.SafeLoader)",
        "eval(words)",
        "exec(words)",
        "compile(words, '', 'exec')",
        "__import__(name)",
        "os.system('ls')",
        "subprocess.run(words, shell=True)",
        "subprocess.run(words, shell=is_shell)",
        "numpy.load(path, allow_pickle=True)",
        "AutoModel.from_pretrained(folder, local_files_only=True, trust_remote_code=True)",
        "AutoModel.from_pretrained(folder)",
        "options = {'trust_remote_code': trusted}",
        "connection.enable_load_extension(True)",
        "network.push_to_hub(name)",
    ],
)
def test_this_would_be_found(source):
    assert forbidden(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""Never calls pickle.load or eval()."""  # torch.load',
        "network.eval()",
        "box.exec()",
        "re.compile(pattern)",
        "numpy.load(path, allow_pickle=False)",
        "AutoModel.from_pretrained(folder, **SAFE)",
        "yaml.safe_load(text)",
        "from urllib.parse import quote",
    ],
)
def test_this_is_allowed(source):
    assert forbidden(source) == []


def test_our_code_runs_no_file_opens_no_shell_and_reaches_no_network():
    found = {
        (name_of(path), words)
        for path in SOURCES
        for words in forbidden(path.read_text(encoding="utf-8"))
    }
    assert found - ALLOWED == set()
