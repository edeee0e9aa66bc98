"""A client in the manner of vt-py: aiohttp, the key in a header, any answer but 200 an error, pages by their cursor.

    python3 aiohttp_client.py ADDRESS [--trust-env]

Source of the manner: spec virustotal.md 1.6 and 1.7. vt-py follows `meta.cursor` alone, sends it with `limit`, and reads
no proxy from the environment unless told to. Prints the address report and what its collection holds.
"""

import asyncio
import json
import os
import sys

import aiohttp

API = "https://www.virustotal.com/api/v3"


class ApiError(Exception):
    """code and message, as VirusTotal gives them."""


async def get(session, path, **params):
    async with session.get(f"{API}/{path}", params=params) as answer:
        text = await answer.text()
        if answer.status == 200:
            return json.loads(text)
        if 400 <= answer.status <= 499 and answer.content_type == "application/json":
            error = json.loads(text).get("error", {})
            raise ApiError(error.get("code"), error.get("message"))
        raise ApiError("ServerError", text)


async def items(session, path, limit):
    """Every object of a collection."""
    params = {"limit": limit}
    while True:
        page = await get(session, path, **params)
        batch = page["data"]
        if "cursor" in page.get("meta", {}) and page["meta"]["cursor"]:
            batch[0]  # vt-py fails here on an empty page that has a cursor
        for item in batch:
            yield item
        if not page.get("meta", {}).get("cursor"):
            return
        params["cursor"] = page["meta"]["cursor"]


async def main(address, trust_env):
    headers = {"X-Apikey": os.environ["VT_API_KEY"], "Accept-Encoding": "gzip", "User-Agent": "rushhour; vtpy; gzip"}
    async with aiohttp.ClientSession(headers=headers, trust_env=trust_env) as session:
        out = {"report": (await get(session, f"ip_addresses/{address}"))["data"]}
        try:
            out["resolutions"] = [item["id"] async for item in items(session, f"ip_addresses/{address}/resolutions", 5)]
        except ApiError as error:
            out["resolutions_error"] = list(error.args)
        try:
            await get(session, "ip_addresses/999.1.2.3")
        except ApiError as error:
            out["invalid_error"] = error.args[0]
        print(json.dumps(out))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], "--trust-env" in sys.argv[2:]))
