"""Values of the chart: the table, the schema, and what is refused with a message that teaches."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from entrypoints.setting_table import SETTINGS
from entrypoints.setting_values import Secret
from tests.deploy.rendering import CHART, RefusedError, render, render_notes, render_text

BROKEN = sorted((Path(__file__).parent / "broken_values").glob("*.yaml"))
SMALLEST = CHART / "ci" / "smallest-values.yaml"
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text("utf-8"))
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
# Values that are one thing, though they have parts.
_WHOLE = re.compile(r"config|podSecurityContext|securityContext|.*\.resources")


def leaves(values: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its path."""
    for key, value in values.items():
        name = f"{path}{key}"
        if isinstance(value, dict) and value and not _WHOLE.fullmatch(name):
            yield from leaves(value, f"{name}.")
        else:
            yield name, value


@pytest.mark.parametrize("values", BROKEN, ids=lambda path: path.stem)
def test_broken_values_are_refused_by_name(values: Path) -> None:
    """The first line of each file is what is expected to be said."""
    first, _, rest = values.read_text("utf-8").partition("\n")
    assert yaml.safe_load(rest), "there is nothing wrong in it"
    with pytest.raises(RefusedError) as refused:
        render_text(values)
    assert first.removeprefix("# ") in str(refused.value)


def test_every_rule_between_values_has_a_broken_file() -> None:
    template = (CHART / "templates" / "_rules.tpl").read_text("utf-8")
    rules = re.findall(r'append \$problems \(?(?:printf )?"([\w.]+)', template)
    expected = [path.read_text("utf-8").partition("\n")[0] for path in BROKEN]
    assert len(rules) >= 6
    for rule in rules:
        assert any(rule.partition(".%")[0] in line for line in expected), rule


def test_all_problems_are_told_at_once() -> None:
    sets = ("api.autoscaling.enabled=true", "api.autoscaling.minReplicas=9")
    with pytest.raises(RefusedError, match=r"(?s)minReplicas.*NODRAKE_PUBLIC_URL.*NODRAKE_MAIL"):
        render(sets=sets)


def test_a_secret_that_may_be_missing_is_left_out_of_the_pods() -> None:
    """The seed's flow: no keys, no Secret needed; keys need a name; a name needs the Secret."""
    keys = 'secretEnvFromKeys={"DATABASE_URL":"url"}'
    named = 'existingSecretName="nodrake-secrets"'
    assert render(SMALLEST, sets=["allowMissingSecret=false"])
    with pytest.raises(RefusedError, match="existingSecretName"):
        render(SMALLEST, sets=[keys])
    assert "optional: true" in render_text(SMALLEST, sets=[keys, named])
    with pytest.raises(RefusedError, match="there is no Secret nodrake-secrets in namespace music"):
        render(SMALLEST, sets=[keys, named, "allowMissingSecret=false"])


def test_every_secret_setting_is_refused_in_config() -> None:
    """A setting is a secret if what it reads is never shown."""
    samples = ("postgresql://a:b@c/d", "redis://a:b@c", "smtp://a:b@c:25", "x" * 64)
    secrets = {"NODRAKE_PROVIDERS"}  # has client secrets
    for setting in SETTINGS:
        for sample in samples:
            try:
                read = setting.parse(sample)
            except ValueError:
                continue
            if isinstance(read, Secret):
                secrets.add(setting.variable)
    assert {"DATABASE_URL", "NODRAKE_SECRET", "NODRAKE_MAIL_URL"} <= secrets
    refused = {
        name
        for name, rule in SCHEMA["properties"]["config"]["properties"].items()
        if rule.get("$ref") == "#/$defs/isASecret"
    }
    assert refused == secrets


def test_the_schema_knows_every_value_and_nothing_else() -> None:
    def rules(schema: dict[str, Any], path: str = "") -> Iterator[str]:
        for key, rule in schema["properties"].items():
            name = f"{path}{key}"
            if reference := rule.get("$ref"):
                rule = SCHEMA["$defs"][reference.removeprefix("#/$defs/")]  # noqa: PLW2901
            closed = "properties" in rule and rule.get("additionalProperties") is False
            if closed and not _WHOLE.fullmatch(name):
                yield from rules(rule, f"{name}.")
            else:
                yield name

    assert set(rules(SCHEMA)) == {name for name, _ in leaves(VALUES)} | {"global"}


def test_the_table_of_values_is_that_of_the_file() -> None:
    text = (CHART / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| `(.*?)` \| .+ \|$", text, flags=re.MULTILINE)
    assert [(name, json.loads(default)) for name, default in rows] == list(leaves(VALUES))


def test_the_example_of_the_readme_renders() -> None:
    text = (CHART / "README.md").read_text("utf-8")
    example = yaml.safe_load(text.partition("<<'VALUES'\n")[2].partition("\nVALUES")[0])
    example["allowMissingSecret"] = True  # without a cluster
    sets = [f"{key}={json.dumps(value)}" for key, value in example.items()]
    assert render(sets=sets)


def test_the_notes_say_what_is_missing_and_what_to_do() -> None:
    keys = ("DATABASE_URL", "REDIS_URL", "NODRAKE_MAIL_URL", "NODRAKE_SECRET")
    notes = render_notes(SMALLEST)
    assert f"NOT SET YET: {', '.join(sorted(keys, key=notes.index))}" in notes
    for command in ("create secret generic", "rollout status", "nodrake doctor", "nodrake admin"):
        assert command in notes
    notes = render_notes(CHART / "ci" / "everything-values.yaml")
    assert "NOT SET YET" not in notes
    assert "https://music.example.org/" in notes
