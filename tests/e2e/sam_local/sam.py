"""Runs SAM CLI on the built functions in Docker, with 100ms and AWS on this machine's Docker address."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse

from tests.http_api import ROOT
from tests.integration.stack import free_ports
from tests.support.local_backends import REGION

BUILT = ROOT / ".aws-sam" / "e2e"
SAM = str(Path(sys.executable).with_name("sam"))
READY_SECONDS = 60


@dataclass(frozen=True)
class Sam:
    """The built functions and the addresses of their backends.

    Attributes:
        template: the built template, with the addresses of AWS and 100ms in every function's environment.
        aws: URL of AWS's services. SAM CLI asks them for the account.
    """

    template: Path
    aws: str

    @classmethod
    def of(cls, aws: str, upstream: str) -> "Sam":
        """Copy the template with URLs in it. SAM passes only declared variables, and `ApiUrl` accepts https only."""
        template = yaml_parse((BUILT / "template.yaml").read_text())
        addresses = {"AWS_ENDPOINT_URL": aws, "HMS_API_URL": f"{upstream}/v2", "HMS_AUTH_URL": f"{upstream}/v2"}
        template["Globals"]["Function"]["Environment"]["Variables"].update(addresses)
        copy = BUILT / "template.e2e.yaml"
        copy.write_text(yaml_dump(template))
        return cls(copy, aws)

    def _command(self, *words: str) -> list[str]:
        overrides = [f"Architecture={os.environ['LAMBDA_ARCHITECTURE']}"]
        image = ["--skip-pull-image", "--invoke-image", os.environ["LAMBDA_IMAGE"]]
        return [SAM, "local", *words, "-t", str(self.template), "--parameter-overrides", *overrides, *image]

    @property
    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        credentials = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        return {**own, **credentials, "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": self.aws}

    def invoke(self, function: str, event: object) -> Any:
        """Return a function's response to an event, as `sam local invoke` prints it."""
        command = self._command("invoke", function, "-e", "-")
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment,
            input=json.dumps(event),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"stdout": done.stdout, "stderr": done.stderr[-3000:]}

    @contextmanager
    def serving(self, log: Path) -> Iterator[str]:
        """Run `sam local start-api` with warm containers while the context is open. Yields the API's URL."""
        (port,) = free_ports(1)
        command = self._command("start-api", "--port", str(port), "--warm-containers", "LAZY")
        with (
            log.open("w") as errors,
            subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=errors, stderr=errors) as process,
        ):
            try:
                _wait(process, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(60)


def _wait(process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(READY_SECONDS * 10):
        if "Running on http" in log.read_text():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"not ready in {READY_SECONDS} s:\n{log.read_text()}")
