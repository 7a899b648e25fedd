"""Python's syntax of a text, read once: the laws ask for the same modules again and again."""

import ast
from functools import cache


@cache
def module(text):
    """The syntax module of Python in `text`; nobody may change it. Raises SyntaxError."""
    return ast.parse(text)


@cache
def walk(tree):
    """All nodes of a syntax tree, outer ones first."""
    return tuple(ast.walk(tree))


def nodes(text):
    """All nodes of Python in `text`. Raises SyntaxError."""
    return walk(module(text))


@cache
def defined(text):
    """Names that it gives to functions and classes, methods among them."""
    return frozenset(node.name for node in nodes(text) if isinstance(node, (ast.FunctionDef, ast.ClassDef)))


@cache
def asserts(text):
    """The sources of its asserts, each in one line."""
    return tuple(
        " ".join((ast.get_source_segment(text, node) or "").split())
        for node in nodes(text)
        if isinstance(node, ast.Assert)
    )
