"""Python's own tomllib, in Python 3.10 the package that it was made of."""

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib  # noqa: F401
