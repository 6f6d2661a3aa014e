"""Measures the artifacts that Lambda downloads and unpacks before a cold start."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from samcli.lib.package.utils import make_zip_with_lambda_permissions

from benchmarks.report import format_megabytes, table


def report(artifacts: Mapping[str, Path]) -> str:
    """Return a table with a row per artifact."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, artifact in artifacts.items():
            unzipped = sum(file.stat().st_size for file in artifact.rglob("*") if file.is_file())
            zipped = Path(make_zip_with_lambda_permissions(str(Path(folder) / "zip"), str(artifact))).stat().st_size
            rows.append([name, format_megabytes(unzipped), format_megabytes(zipped)])
    return table(["", "unzipped", "zipped"], rows)
