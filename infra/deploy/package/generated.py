"""The output of `chalice package` for the app: a SAM template with the API's definition, and the functions with their
triggers and roles. Chalice's own steps, except the one that would collect the code for the current interpreter.
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

# The stage in `.chalice/config.json`. Our stages are a parameter of the template.
_STAGE = "dev"


def generate(root: Path) -> Template:
    """The template of the app in a folder, with roles from the policy files that `.chalice/config.json` names.

    This imports the app, so a process can do it for only one folder.
    """
    # Without a separate environment, Chalice would write the app's variables into the process's environment.
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
    """Chalice asks botocore, which needs a region. For these services, the principals are the same in all regions."""

    def __init__(self) -> None:
        """Needs no AWS client, unlike Chalice's class."""

    def service_principal(self, service: str) -> str:
        return f"{service}.amazonaws.com"


class _CodeElsewhere(BaseDeployStep):
    def handle_deploymentpackage(self, _config: Config, resource: DeploymentPackage) -> None:
        resource.filename = "set by functions.py"
