"""vt-py itself, where it is installed: prints the address report's id and the code of a refusal."""

import json
import os
import sys

import vt

with vt.Client(os.environ["VT_API_KEY"], trust_env=True) as client:
    report = client.get_object(f"/ip_addresses/{sys.argv[1]}")
    try:
        client.get_object("/ip_addresses/999.1.2.3")
        code = None
    except vt.APIError as error:
        code = error.code
    print(json.dumps({"id": report.id, "malicious": report.last_analysis_stats["malicious"], "invalid_error": code}))
