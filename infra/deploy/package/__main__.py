"""`make package`: build the package for Lambda and say what came out."""

from infra.deploy.package import DEPLOYED, ROOT, archive, build, bytecode

if __name__ == "__main__":
    built = build(ROOT / "build")
    for path in (built.template, built.archive):
        print(f"{archive.sha256(path)}  {path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.2f} MB")
    if bytecode.compiler(DEPLOYED) is None:
        print(f"No python{DEPLOYED.python} to compile with was found: it works, but a cold start takes twice as long.")
