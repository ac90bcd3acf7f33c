"""No change breaks a client of the released API."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spec.contract.compatibility import RELEASED, can_judge, find_breaking_changes
from spec.contract.errors import ContractError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_judge(), reason="oasdiff comes with Go, which is not here"),
]
Document = dict[str, Any]


def written(path: Path, document: Document) -> Path:
    """The file that a document was written to."""
    path.write_text(json.dumps(document))
    return path


def problem_of(document: Document, path: str, status: str) -> Document:
    """What an operation that is posted to says of its problem beyond the common members."""
    response = document["paths"][path]["post"]["responses"][status]
    schema = response["content"]["application/problem+json"]["schema"]
    narrowed: Document = schema.get("oneOf", [schema])[0]["allOf"][1]
    return narrowed


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
    problem_of(document, "/api/v1/auth/register", "400")["properties"]["code"]["enum"].pop()


def remove_problem_status(document: Document) -> None:
    """A refusal that clients handle is gone."""
    del document["paths"]["/api/v1/dnp/add"]["post"]["responses"]["409"]


def remove_enum_value_of_input(document: Document) -> None:
    """An order that could be asked for is gone."""
    for parameter in document["paths"]["/api/v1/dnp/list"]["get"]["parameters"]:
        if parameter["name"] == "sort":
            parameter["schema"]["enum"].pop()


def rename_operation(document: Document) -> None:
    """A function of the client goes by another name."""
    document["paths"]["/api/v1/dnp/list"]["get"]["operationId"] = "listArtists"


def remove_optional_output(document: Document) -> None:
    """A member that some answers have is gone."""
    del document["components"]["schemas"]["Problem"]["properties"]["errors"]


def remove_extension(document: Document) -> None:
    """A problem no longer brings what it is about."""
    narrowed = problem_of(document, "/api/v1/dnp/add", "409")
    del narrowed["properties"]["entry"]
    narrowed["required"].remove("entry")


def remove_extension_from_a_choice(document: Document) -> None:
    """A problem no longer brings what it is about, and its status has a second shape."""
    add_problem_code_of_its_own_shape(document)
    remove_extension(document)


def replace_problem_code(document: Document) -> None:
    """A status has a second shape, and the first goes by another code."""
    add_problem_code_of_its_own_shape(document)
    narrowed = problem_of(document, "/api/v1/dnp/add", "409")
    narrowed["properties"]["code"]["enum"] = ["blocklists.there_already"]


def remove_header(document: Document) -> None:
    """A refusal no longer says how long to wait."""
    responses = document["paths"]["/api/v1/auth/login"]["post"]["responses"]
    del responses["429"]["headers"]["Retry-After"]


def require_credentials(document: Document) -> None:
    """An operation that anybody could call is closed."""
    document["paths"]["/health"]["get"]["security"] = [{"bearer": []}]


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        (remove_operation, "api-removed-without-deprecation"),
        (remove_path, "api-path-removed-without-deprecation"),
        (rename_operation, "api-operation-id-removed"),
        (require_body_field, "new-required-request-property"),
        (require_optional_field, "request-property-became-required-with-default"),
        (require_parameter, "request-parameter-became-required"),
        (require_credentials, "security-required"),
        (remove_enum_value_of_input, "request-parameter-enum-value-removed"),
        (remove_output, "response-required-property-removed"),
        (remove_optional_output, "response-optional-property-removed"),
        (remove_extension, "response-required-property-removed"),
        (remove_extension_from_a_choice, "response-required-property-removed"),
        (loosen_output, "response-property-became-optional"),
        (remove_problem_code, "response-property-enum-value-removed"),
        (remove_problem_status, "response-non-success-status-removed"),
        (remove_header, "optional-response-header-removed"),
    ],
)
def test_a_breaking_change_is_refused(
    tmp_path: Path, break_it: Callable[[Document], None], rule: str
) -> None:
    released = json.loads(RELEASED.read_bytes())
    changed = copy.deepcopy(released)
    break_it(changed)
    assert changed != released
    changes = find_breaking_changes(current=written(tmp_path / "openapi.json", changed))
    assert {change.rpartition(" ")[2] for change in changes} == {f"[{rule}]"}


def test_a_code_that_is_gone_from_a_choice_is_seen(tmp_path: Path) -> None:
    changed = json.loads(RELEASED.read_bytes())
    replace_problem_code(changed)
    assert find_breaking_changes(current=written(tmp_path / "openapi.json", changed)) != []


@pytest.mark.parametrize("notice", [{}, {"x-sunset": "2020-01-31"}], ids=["no date", "a date"])
@pytest.mark.parametrize("break_it", [remove_operation, remove_path])
def test_a_notice_of_removal_does_not_excuse_it(
    tmp_path: Path, break_it: Callable[[Document], None], notice: Document
) -> None:
    noticed = json.loads(RELEASED.read_bytes())
    for item in noticed["paths"].values():
        for operation in item.values():
            operation |= {"deprecated": True, **notice}
    changed = copy.deepcopy(noticed)
    break_it(changed)
    released = written(tmp_path / "released.json", noticed)
    assert find_breaking_changes(released, written(tmp_path / "openapi.json", changed)) != []


def add_member(document: Document) -> None:
    """Bodies and answers have one more member."""
    schemas = document["components"]["schemas"]
    schemas["DnpEntry"]["properties"]["reason"] = {"type": "string"}
    schemas["DnpEntry"]["required"].append("reason")
    schemas["ArtistToBlock"]["properties"]["reason"] = {"type": "string"}


def add_problem_code(document: Document) -> None:
    """A status has one more reason."""
    codes = problem_of(document, "/api/v1/auth/register", "400")["properties"]["code"]["enum"]
    codes.append("accounts.name_taken")


def add_problem_code_of_its_own_shape(document: Document) -> None:
    """A status has one more reason, which does not bring what the first one brings."""
    response = document["paths"]["/api/v1/dnp/add"]["post"]["responses"]["409"]
    content = response["content"]["application/problem+json"]
    other = copy.deepcopy(content["schema"])
    other["allOf"][1] = {
        "type": "object",
        "properties": {"code": {"type": "string", "enum": ["shared.busy"]}},
        "required": ["code"],
    }
    content["schema"] = {"oneOf": [content["schema"], other]}


def add_problem_status(document: Document) -> None:
    """An operation can be refused for one more reason."""
    responses = document["paths"]["/api/v1/auth/register"]["post"]["responses"]
    responses["403"] = copy.deepcopy(responses["400"])


def add_operation(document: Document) -> None:
    """There is one more thing to do."""
    operation = copy.deepcopy(document["paths"]["/api/v1/dnp/list"]["get"])
    document["paths"]["/api/v1/lists"] = {"get": operation | {"operationId": "listLists"}}


def add_order(document: Document) -> None:
    """There is one more order to ask for."""
    for parameter in document["paths"]["/api/v1/dnp/list"]["get"]["parameters"]:
        if parameter["name"] == "sort":
            parameter["schema"]["enum"].append("oldest_album")


def announce_removal(document: Document) -> None:
    """Something will go one day."""
    document["paths"]["/api/v1/dnp/export"]["get"]["deprecated"] = True


def add_way_to_sign_in(document: Document) -> None:
    """There is a second kind of credentials."""
    document["paths"]["/api/v1/dnp/list"]["get"]["security"].append({"cookie": []})


@pytest.mark.parametrize(
    "add",
    [
        add_member,
        add_problem_code,
        add_problem_code_of_its_own_shape,
        add_problem_status,
        add_operation,
        add_order,
        add_way_to_sign_in,
        announce_removal,
    ],
)
def test_an_addition_breaks_nothing(tmp_path: Path, add: Callable[[Document], None]) -> None:
    released = json.loads(RELEASED.read_bytes())
    changed = copy.deepcopy(released)
    add(changed)
    assert changed != released
    assert find_breaking_changes(current=written(tmp_path / "openapi.json", changed)) == []


def test_a_document_that_cannot_be_read_is_an_error_and_no_pass(tmp_path: Path) -> None:
    broken = tmp_path / "openapi.json"
    broken.write_text("{")
    with pytest.raises(ContractError, match="cannot be read"):
        find_breaking_changes(current=broken)
