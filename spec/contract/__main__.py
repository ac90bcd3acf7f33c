"""``python -m spec.contract gen|drift|compat``."""

import argparse
import sys

from spec.contract.compatibility import find_breaking_changes
from spec.contract.drift import find_drift, generate
from spec.contract.errors import ContractError
from spec.contract.list_schema import SCHEMA, list_schema


def main() -> int:
    """0 when all is well; 1 with what is wrong and what to run."""
    parser = argparse.ArgumentParser(prog="python -m spec.contract", description=__doc__)
    parser.add_argument(
        "command",
        choices=["gen", "drift", "compat"],
        help="write document and client; compare them with the routes; compare with the release",
    )
    try:
        return {"gen": _gen, "drift": _drift, "compat": _compat}[parser.parse_args().command]()
    except ContractError as error:
        print(f"contract: {error}", file=sys.stderr)
        return 2


def _gen() -> int:
    generate()
    SCHEMA.write_bytes(list_schema())
    print(f"written: spec/openapi.json, spec/{SCHEMA.name} and clients/typescript/src/generated")
    return 0


def _drift() -> int:
    if drift := find_drift():
        print(f"{drift}\n\nThe document or the client does not follow the routes: run `make gen`")
        return 1
    print("document and client follow the routes")
    return 0


def _compat() -> int:
    changes = find_breaking_changes()
    for change in changes:
        print(change)
    if changes:
        print(
            "\nThese changes break clients of the released API. Keep what was there, or release a "
            "new major version and copy spec/openapi.json to spec/openapi.released.json."
        )
        return 1
    print("no client of the released API breaks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
