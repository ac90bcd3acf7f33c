"""The image, which is put together once for all that look at it."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.dockerfile import Builder, Stage, context_of, read
from tests.deploy.image import FOLDER, PLAYED, only_what_is_copied
from tests.deploy.places import ROOT


@pytest.fixture(scope="session")
def stages() -> dict[str, Stage]:
    """The Dockerfile."""
    return read(FOLDER / "Dockerfile")


@pytest.fixture(scope="session")
def image(stages: dict[str, Stage]) -> Iterator[Path]:
    """``/`` of the image: the stages before it, played from exactly what the builder is sent."""
    place = Path(tempfile.mkdtemp(prefix="nodrake-image-"))
    place.chmod(0o755)
    try:
        context = context_of(ROOT, FOLDER / "Dockerfile.dockerignore", place / "context")
        builder = Builder(context, place)
        for name in PLAYED:
            builder.play(stages[name])
        yield only_what_is_copied(stages["runtime"], builder)
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(place)], check=True)
        shutil.rmtree(place)
