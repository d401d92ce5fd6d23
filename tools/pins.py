"""Hold the pinned requirements against pyproject.toml: names and versions must be what resolving it gives.

``--write`` writes them anew (keeping versions that still fit); without it, a difference fails.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {"requirements.txt": [], "requirements-dev.txt": ["--group", "dev"]}
PIN = re.compile(r"^([A-Za-z0-9_.\-\[\]]+==[^\s\\]+(?: ; [^\\]+?)?)\s*\\?$", re.MULTILINE)


def resolve(target: Path, extra: list[str]) -> None:
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
        *("--no-header", "--no-annotate", "--no-emit-index-url", "pyproject.toml", "-o", str(target), *extra),
    ]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own words


def pins(path: Path) -> set[str]:
    return {match.strip() for match in PIN.findall(path.read_text())}


def main() -> int:
    wrong = 0
    for name, extra in FILES.items():
        if "--write" in sys.argv:
            resolve(ROOT / name, extra)
            continue
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / name
            shutil.copy(ROOT / name, fresh)
            resolve(fresh, extra)
            difference = sorted(pins(ROOT / name) ^ pins(fresh))
        for line in difference:
            print(f"{name}: {line}")
        wrong += len(difference)
        if not pins(ROOT / name) or "://" in (ROOT / name).read_text():
            print(f"{name}: it pins nothing, or holds an address")
            wrong += 1
    if wrong:
        print("Run `make requirements` and commit the result.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
