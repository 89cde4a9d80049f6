"""What `chalice package` makes of the app: the API's definition, the functions with their triggers and roles, as a SAM
template. Chalice's own steps, without the one that would gather the code for the interpreter at hand.
"""

from pathlib import Path
from typing import Any

from chalice.cli.factory import CLIFactory
from chalice.config import Config
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import BaseDeployStep, BuildStage, InjectDefaults, PolicyGenerator, SwaggerBuilder
from chalice.deploy.models import DeploymentPackage
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import PackageOptions, ResourceBuilder, SAMTemplateGenerator
from chalice.policy import AppPolicyGenerator
from chalice.utils import OSUtils

Template = dict[str, Any]

# The stage of `.chalice/config.json`. Ours are a parameter of the template.
_STAGE = "dev"


def generate(root: Path) -> Template:
    """The template of the app in a folder, with roles from the policy files that `.chalice/config.json` names.

    The app is imported, so a process can do this for one folder only.
    """
    # Without an environment of its own it would write the app's into the process's.
    config = CLIFactory(str(root), environ={}).create_config_obj(_STAGE)
    return _template(config)


def _template(config: Config) -> Template:
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(_steps()))
    template: Template = SAMTemplateGenerator(config, _Options()).generate(builder.construct_resources(config, _STAGE))
    return template


def _steps() -> list[BaseDeployStep]:
    files = OSUtils()
    return [
        InjectDefaults(),
        _CodeElsewhere(),
        PolicyGenerator(AppPolicyGenerator(files), files),
        SwaggerBuilder(CFNSwaggerGenerator()),
    ]


class _Options(PackageOptions):
    """Chalice asks botocore, which wants a region; the names of these services are the same in all of them."""

    def __init__(self) -> None:
        """No client of AWS, unlike Chalice's."""

    def service_principal(self, service: str) -> str:
        return f"{service}.amazonaws.com"


class _CodeElsewhere(BaseDeployStep):
    def handle_deploymentpackage(self, _config: Config, resource: DeploymentPackage) -> None:
        resource.filename = "set by functions.py"
