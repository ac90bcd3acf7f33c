"""Example values for schemas, made of the examples that their parts give."""

from typing import Any

REFERENCE = "#/components/schemas/"

_BY_FORMAT = {
    "uuid": "01a1fc92-f28d-7423-8b08-1933147824f5",
    "date-time": "2026-01-31T12:00:00Z",
}


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A value that fits ``schema``; ``schemas`` are the components that it may refer to."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].removeprefix(REFERENCE)], schemas)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    for given in ("examples", "enum"):
        if given in schema:
            return schema[given][0]
    for given in ("const", "default"):
        if schema.get(given) is not None:
            return schema[given]
    return _by_type(schema, schemas)


def _by_type(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {name: example_of(part, schemas) for name, part in properties.items()}
        case "array":
            return [example_of(schema["items"], schemas)]
        case "boolean":
            return True
        case "integer":
            return schema.get("minimum", 1)
    return _BY_FORMAT.get(schema.get("format", ""), "neural")
