"""Every tool is there in the version that is pinned, and its schemas with it."""

from deploy.tools import go_tools, schemas
from deploy.tools.places import SCHEMAS


def test_every_tool_of_go_is_the_pinned_one() -> None:
    assert [name for name in go_tools.wanted() if not go_tools.is_there(name)] == []


def test_schemas_are_there_for_every_version_and_custom_resource() -> None:
    versions = {path.name for path in (SCHEMAS / "kubernetes").iterdir()}
    assert versions == {f"v{version}" for version in schemas.KUBERNETES}
    assert len(list((SCHEMAS / "custom").rglob("*.json"))) == len(schemas.CUSTOM_KINDS)
