"""No change breaks a client of the released API."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spec.contract.compatibility import CURRENT, RELEASED, can_judge, find_breaking_changes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_judge(), reason="oasdiff comes with Go, which is not here"),
]
Document = dict[str, Any]


def test_the_released_api_still_stands() -> None:
    assert find_breaking_changes() == []


def remove_operation(document: Document) -> None:
    """An operation is gone."""
    del document["paths"]["/api/v1/dnp/entries/{artist_id}"]["delete"]


def remove_path(document: Document) -> None:
    """A path is gone."""
    del document["paths"]["/api/v1/dnp/export"]


def require_body_field(document: Document) -> None:
    """A new field of a body must be sent."""
    schema = document["components"]["schemas"]["ArtistToBlock"]
    schema["properties"]["reason"] = {"type": "string"}
    schema["required"].append("reason")


def require_optional_field(document: Document) -> None:
    """A field of a body that could be left out must be sent."""
    document["components"]["schemas"]["ArtistToBlock"]["required"].append("tags")


def require_parameter(document: Document) -> None:
    """A parameter that could be left out must be sent."""
    document["paths"]["/api/v1/dnp/list"]["get"]["parameters"][0]["required"] = True


def remove_output(document: Document) -> None:
    """A field of an answer is gone."""
    schema = document["components"]["schemas"]["DnpEntry"]
    del schema["properties"]["note"]
    schema["required"].remove("note")


def loosen_output(document: Document) -> None:
    """A field of an answer may be missing."""
    document["components"]["schemas"]["DnpEntry"]["required"].remove("note")


def remove_problem_code(document: Document) -> None:
    """A code that clients switch on is gone, while its status stays."""
    responses = document["paths"]["/api/v1/auth/register"]["post"]["responses"]
    narrowed = responses["400"]["content"]["application/problem+json"]["schema"]["allOf"][1]
    narrowed["properties"]["code"]["enum"].pop()


def remove_problem_status(document: Document) -> None:
    """A refusal that clients handle is gone."""
    del document["paths"]["/api/v1/dnp/add"]["post"]["responses"]["409"]


def remove_enum_value_of_input(document: Document) -> None:
    """An order that could be asked for is gone."""
    for parameter in document["paths"]["/api/v1/dnp/list"]["get"]["parameters"]:
        if parameter["name"] == "sort":
            parameter["schema"]["enum"].pop()


@pytest.mark.parametrize(
    "break_it",
    [
        remove_operation,
        remove_path,
        require_body_field,
        require_optional_field,
        require_parameter,
        remove_output,
        loosen_output,
        remove_problem_code,
        remove_problem_status,
        remove_enum_value_of_input,
    ],
)
def test_a_breaking_change_is_refused(tmp_path: Path, break_it: Callable[[Document], None]) -> None:
    released = json.loads(RELEASED.read_bytes())
    changed = copy.deepcopy(released)
    break_it(changed)
    assert changed != released
    current = tmp_path / "openapi.json"
    current.write_text(json.dumps(changed))
    assert find_breaking_changes(current=current) != []


def test_an_addition_breaks_nothing(tmp_path: Path) -> None:
    changed = json.loads(CURRENT.read_bytes())
    schemas = changed["components"]["schemas"]
    schemas["DnpEntry"]["properties"]["reason"] = {"type": "string"}
    schemas["ArtistToBlock"]["properties"]["reason"] = {"type": "string"}
    current = tmp_path / "openapi.json"
    current.write_text(json.dumps(changed))
    assert find_breaking_changes(current=current) == []
