"""`make package`: build the package for Lambda, print its files and how much room the API has left."""

import json

from infra.dashboard import build as dashboard
from infra.dashboard.files import files
from infra.deploy.package import DEPLOYED, ROOT, archive, build, bytecode, gateway

if __name__ == "__main__":
    dashboard.main()
    built = build(ROOT / "build")
    for path in (built.template, built.archive):
        print(f"{archive.sha256(path)}  {path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.2f} MB")
    print(f"{len(list(files(built.site)))} files of the dashboard in {built.site.relative_to(ROOT)}")
    left = gateway.resources_left(json.loads(built.template.read_text()))
    print(f"{left} of API Gateway's {gateway.MOST_RESOURCES} resources are free")
    if bytecode.compiler(DEPLOYED) is None:
        print(
            f"Found no python{DEPLOYED.python} to compile with: the package works, but cold starts take twice the time."
        )
