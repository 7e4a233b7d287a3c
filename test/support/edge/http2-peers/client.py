import asyncio
import ssl
import sys

import httpx

base, authority = sys.argv[1:3]
context = ssl.create_default_context(cafile=authority)


def fields(number):
    return {
        "x-case": str(number),
        "x-same": "the same each time",
        "x-turn": f"value {number % 3}",
        "x-long": "z" * (number * 37 % 900 + 1),
        f"x-name-{number % 7}": "\"{}~^|;=,'",
        "cookie": f"a={number}; b=2",
    }


async def ask(client, number):
    answer = await client.get(f"{base}/fields", headers=fields(number))
    assert answer.http_version == "HTTP/2", answer.http_version
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-case"] == str(number)
    assert answer.headers["x-turn"] == f"answer {number % 3}"


async def main():
    async with httpx.AsyncClient(http2=True, verify=context, timeout=60) as client:
        for first in range(0, 120, 40):
            await asyncio.gather(*(ask(client, number) for number in range(first, first + 40)))
        answer = await client.post(f"{base}/upload", content=b"u" * 3_000_000)
        assert answer.text == "3000000", answer.text
        answer = await client.get(f"{base}/download")
        assert len(answer.content) == 5_000_000, len(answer.content)
    print("passed")


asyncio.run(main())
