"""Artifacts for AWS: sources with bytecode that Lambda accepts, no unnecessary files, and bounded sizes."""

import os
import platform
import re
import shutil
import subprocess
import zipfile
from _imp import source_hash
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from samcli.lib.package.utils import make_zip_with_lambda_permissions
from samcli.lib.utils.hash import dir_checksum
from samcli.yamlhelper import yaml_parse

from tests.artifacts.conftest import built_for
from tests.http_api import ROOT, functions, monitoring

MAGIC = (3571).to_bytes(2, "little") + b"\r\n"
"""Magic number of Python 3.13's bytecode."""
UNCHECKED_HASH = (1).to_bytes(4, "little")
MACHINES = {"arm64": 183, "x86_64": 62}
"""ELF machine number of each architecture."""
HOST = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), platform.machine())
NEEDED = re.compile(
    r".+\.(py|pyc|so|pem)|.+\.dist-info/(METADATA|LICENSE[^/]*|licenses/[^/]+)"
    r"|pycparser/_c_ast\.cfg"  # used by cffi's parser
    r"|openapi\.json|page/[A-Za-z0-9.-]+"  # files that the docs function serves to browsers
)
MIDNIGHT_1980 = 315_532_800
MOST_UNZIPPED, MOST_ZIPPED = 17_000_000, 6_500_000


def artifacts(built: Path) -> list[Path]:
    return [built / "HmsLayer", *(built / function for function in functions())]


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def bytecode_of(source: Path) -> Path:
    return source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"


def deploy(artifact: Path, folder: Path) -> Path:
    """Put an artifact where Lambda mounts it, with the file dates of SAM's zip."""
    archive = make_zip_with_lambda_permissions(str(folder / "zip"), str(artifact))
    with zipfile.ZipFile(archive) as zipped:
        for member in zipped.infolist():
            assert member.date_time[0] == 1980
            os.utime(zipped.extract(member, folder), (MIDNIGHT_1980, MIDNIGHT_1980))
    return folder


@pytest.fixture(scope="module")
def deployed_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer for this machine's architecture."""
    return deploy(built_for(HOST) / "HmsLayer", tmp_path_factory.mktemp("opt"))


def test_the_nested_template_is_in_the_build(built: Path) -> None:
    parent = yaml_parse((built / "template.yaml").read_text())["Resources"]["MonitoringStack"]
    nested = yaml_parse((built / parent["Properties"]["TemplateURL"]).read_text())
    assert nested["Resources"] == monitoring()["Resources"]


def test_each_source_has_unchecked_bytecode_and_each_bytecode_its_source(built: Path) -> None:
    for artifact in artifacts(built):
        sources = list(artifact.rglob("*.py"))
        assert sources
        for source in sources:
            header = bytecode_of(source).read_bytes()[:16]
            expected = MAGIC + UNCHECKED_HASH + source_hash(int.from_bytes(MAGIC, "little"), source.read_bytes())
            assert header == expected, source
        assert set(artifact.rglob("*.pyc")) == {bytecode_of(source) for source in sources}


def test_no_artifact_holds_a_file_that_is_not_needed(built: Path) -> None:
    for artifact in artifacts(built):
        assert [file for file in files(artifact) if not NEEDED.fullmatch(file.removeprefix("python/"))] == []


def test_the_layer_contains_only_locked_packages_and_our_own(layer: Path) -> None:
    locked = re.findall(
        r"^([\w-]+)==(\S+)", (ROOT / "layers" / "common" / "requirements.txt").read_text(), re.MULTILINE
    )
    held = [folder.name.removesuffix(".dist-info").split("-") for folder in layer.glob("python/*.dist-info")]
    assert sorted((name.replace("_", "-"), version) for name, version in held) == sorted(locked)
    packages = {path.name for path in (layer / "python").iterdir()}
    assert {"hms", "hms_service"} <= packages
    assert not packages & {"boto3", "botocore", "cryptography", "tests", "aws_xray_sdk"}
    assert list(layer.iterdir()) == [layer / "python"]


@pytest.mark.parametrize("function", sorted(functions().keys() - {"OidcTokensFunction", "DocsFunction"}))
def test_a_function_is_its_own_code_and_nothing_else(built: Path, function: str) -> None:
    assert files(built / function) == ["__pycache__/app.cpython-313.pyc", "app.py"]


def test_only_the_docs_function_contains_the_page_and_the_document(built: Path) -> None:
    page = [f"page/{file.name}" for file in (ROOT / "functions" / "docs" / "page").iterdir()]
    own = ["__pycache__/app.cpython-313.pyc", "app.py", "openapi.json", *page]
    assert files(built / "DocsFunction") == sorted(own)
    assert not (built / "DocsFunction" / "openapi.json").is_symlink()
    assert [path.parent.parent.name for path in built.glob("*/**/swagger-ui-*.js*")] == ["DocsFunction"]


def test_cryptography_is_beside_the_one_function_that_uses_it(built: Path) -> None:
    assert [path.parent.name for path in built.glob("*/**/cryptography")] == ["OidcTokensFunction"]


def test_machine_code_is_for_the_architecture_that_is_built_for(built: Path, architecture: str) -> None:
    libraries = [library.read_bytes()[:20] for artifact in artifacts(built) for library in artifact.rglob("*.so")]
    assert len(libraries) >= 4
    assert {int.from_bytes(header[18:20], "little") for header in libraries} == {MACHINES[architecture]}


def test_the_layer_is_small(
    layer: Path, architecture: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    unzipped = sum(file.stat().st_size for file in layer.rglob("*") if file.is_file())
    zipped = Path(make_zip_with_lambda_permissions(str(tmp_path / "layer"), str(layer))).stat().st_size
    record_property("summary", f"layer for {architecture}: {unzipped / 1e6:.2f} MB, zipped {zipped / 1e6:.2f} MB")
    assert unzipped <= MOST_UNZIPPED
    assert zipped <= MOST_ZIPPED


def test_a_second_build_is_identical_so_nothing_is_deployed_again() -> None:
    first = {artifact.name: dir_checksum(str(artifact)) for artifact in artifacts(built_for(HOST))}
    shutil.rmtree(ROOT / ".aws-sam" / "cache")
    built_for.cache_clear()
    assert {artifact.name: dir_checksum(str(artifact)) for artifact in artifacts(built_for(HOST))} == first


@pytest.mark.parametrize("function", functions())
def test_a_function_starts_from_the_bytecode_it_was_deployed_with(
    deployed_layer: Path, tmp_path: Path, function: str
) -> None:
    code = deploy(built_for(HOST) / function, tmp_path)
    python = subprocess.run(
        [ROOT / "tools" / "lambda-python"], capture_output=True, text=True, check=True
    ).stdout.strip()
    path = [code, deployed_layer / "python", Path(boto3.__file__).parents[1]]
    variables = {"PYTHONPATH": os.pathsep.join(map(str, path)), "AWS_REGION": "us-east-1"}
    start = [python, "-B", "-v", "-c", "import app; app.handler"]
    result = subprocess.run(start, cwd="/", env=variables, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    loaded = re.findall(r"^# code object from '?([^'\n]+?)'?$", result.stderr, re.MULTILINE)
    deployed = [file for file in loaded if file.startswith((str(code), str(deployed_layer)))]
    assert len(deployed) > 20
    assert [file for file in deployed if not file.endswith(".pyc")] == []
