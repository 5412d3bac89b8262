"""Runs an app with the package that jsii-pacmak generated, and with a stand-in for what cannot be had here: jsii's runtime, aws_cdk, constructs.

The stand-in has no names of its own: it asks the process that started it, in which the real constructs are, line by line.

usage: python3 -O run.py APP PACKAGE (the package checks types by what only the real jsii has, unless it is told not to)
"""
import importlib.abc
import importlib.machinery
import json
import re
import runpy
import sys
import types

OURS = "tunnelable-rds-cluster."
answers, requests = sys.stdin, sys.stdout
sys.stdout = sys.stderr


def ask(**request):
    print(json.dumps(request), file=requests, flush=True)
    answer = json.loads(answers.readline())
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return from_js(answer.get("value"))


def camel(name):
    """max_azs is maxAzs; what is written in capitals stays."""
    return name if name.isupper() else re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def to_js(value):
    if hasattr(value, "__jsii_ref__"):
        return {"ref": value.__jsii_ref__}
    if hasattr(value, "_values"):  # A struct of the generated package.
        return {"struct": {type(value).__jsii_names__[name]: to_js(field) for name, field in value._values.items()}}
    if isinstance(value, dict):
        return {"struct": {camel(name): to_js(field) for name, field in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"list": [to_js(item) for item in value]}
    if value is None or isinstance(value, (str, int, float, bool)):
        return {"value": value}
    raise TypeError(f"{value!r} means nothing to JavaScript")


def from_js(value):
    if isinstance(value, dict):
        mirrored = Mirrored.__new__(Mirrored)
        mirrored.__jsii_ref__ = value["ref"]
        return mirrored
    return [from_js(item) for item in value] if isinstance(value, list) else value


def arguments(positional, named):
    """JavaScript takes named arguments as an object, the last argument."""
    return [to_js(value) for value in positional] + ([to_js(named)] if named else [])


def member(on, name):
    if name.startswith("__"):
        raise AttributeError(name)
    if ask(on=on, member=camel(name), kind=True) == "function":
        return lambda *positional, **named: ask(on=on, member=camel(name), args=arguments(positional, named))
    return ask(on=on, member=camel(name))


class JSIIMeta(type):
    def __new__(cls, name, bases, namespace, *, jsii_type=None):
        made = super().__new__(cls, name, bases, namespace)
        if jsii_type is not None:
            made.__jsii_type__ = jsii_type
        return made

    def __init__(cls, name, bases, namespace, **_):
        super().__init__(name, bases, namespace)

    def __getattr__(cls, name):
        if name.startswith("__") or cls.__jsii_type__.startswith(OURS):
            raise AttributeError(f"{cls.__name__} has no {name}")
        return member({"type": cls.__jsii_type__}, name)


class Mirrored(metaclass=JSIIMeta, jsii_type=""):
    """What is JavaScript's: a class of aws_cdk or constructs, or an object that was made there."""

    def __init__(self, *positional, **named):
        self.__jsii_ref__ = ask(on={"type": type(self).__jsii_type__}, args=arguments(positional, named)).__jsii_ref__

    def __getattr__(self, name):
        if name.startswith("__") or type(self).__jsii_type__.startswith(OURS):
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return member({"ref": self.__jsii_ref__}, name)


def create(made_as, made, args):
    made.__jsii_ref__ = ask(on={"type": made_as.__jsii_type__}, args=[to_js(value) for value in args]).__jsii_ref__


def invoke(on, name, args):
    return ask(on=on, member=name, args=[to_js(value) for value in args])


def data_type(*, name_mapping, **_):
    def mark(struct):
        struct.__jsii_names__ = name_mapping
        return struct
    return mark


def unchanged(*_, **__):
    return lambda marked: marked


def module(name, **names):
    made = types.ModuleType(name)
    made.__path__ = []
    made.__dict__.update(names)
    sys.modules[name] = made
    return made


class Mirrors(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """aws_cdk, its modules, and constructs: whatever name is asked of them is a class."""

    def find_spec(self, fullname, path, target=None):
        known = re.fullmatch(r"(aws_cdk|constructs)(\.\w+)?", fullname)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True) if known else None

    def exec_module(self, mirrored):
        package = mirrored.__name__.replace("aws_cdk", "aws-cdk-lib")

        def named(name):
            if name.startswith("__"):
                raise AttributeError(name)
            if name.startswith("aws_"):
                return importlib.import_module(f"{mirrored.__name__}.{name}")
            mirror = JSIIMeta(name, (Mirrored,), {}, jsii_type=f"{package}.{name}")
            setattr(mirrored, name, mirror)
            return mirror
        mirrored.__getattr__ = named


module(
    "jsii",
    JSIIMeta=JSIIMeta,
    JSIIAbstractClass=JSIIMeta,
    JSIIAssembly=types.SimpleNamespace(load=lambda *_: None),
    Number=float,
    create=create,
    data_type=data_type,
    enum=unchanged,
    get=lambda on, name: ask(on={"ref": on.__jsii_ref__}, member=name),
    implements=unchanged,
    interface=unchanged,
    invoke=lambda on, name, args: invoke({"ref": on.__jsii_ref__}, name, args),
    member=unchanged,
    proxy_for=lambda interface: type(interface.__name__, (), {}),
    sget=lambda on, name: ask(on={"type": on.__jsii_type__}, member=name),
    sinvoke=lambda on, name, args: invoke({"type": on.__jsii_type__}, name, args),
)
module("jsii._type_checking", cached_type_hints=lambda *_: {}, check_type=None)
module("publication", publish=lambda: None)
module("typing_extensions", Protocol=type("Protocol", (), {"__protocol_attrs__": set()}))
sys.meta_path.insert(0, Mirrors())
sys.path.insert(0, sys.argv[2])
runpy.run_path(sys.argv[1], run_name="__main__")
