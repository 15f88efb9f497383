"""What a page costs: the real server, one keep-alive connection, and the time of each answer.

Run with ``make bench``. Figures are milliseconds: median, 95th percentile, and answers a second one after another.
"""

import http.client
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from tools.server import serve, set_up

PAGES = [
    "/healthz",
    "/",
    "/formation/",
    "/formation/what-trust-is/",
    "/quizzes/how-i-trust/questions/",
    "/help/",
]
ROUNDS = 300


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        set_up(data_dir)
        with serve(data_dir) as url:
            print(f"{'page':40} {'median':>8} {'95 %':>8} {'a second':>9} {'bytes':>8}")
            for page in PAGES:
                print(measure(url, page))


def measure(url: str, page: str) -> str:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    times, size = [], 0
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        connection.request("GET", page)
        size = len(connection.getresponse().read())
        times.append((time.perf_counter() - begin) * 1000)
    connection.close()
    times.sort()
    high = times[int(len(times) * 0.95)]
    return f"{page:40} {statistics.median(times):8.2f} {high:8.2f} {1000 * ROUNDS / sum(times):9.0f} {size:8}"


if __name__ == "__main__":
    main()
