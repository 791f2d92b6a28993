"""The same orders read by dlt, with the Python of the environment that requirements-dlt.txt makes; it knows nothing of this project.

Its REST source pages by offset and merges on the key, as its documentation shows; telemetry is off. DuckDB is loaded from Parquet files, which
is the quickest of its ways; SQLite is reached through its SQLAlchemy destination, whose merge is quadratic in the rows.
Run by sync.py: `python dlt_peer.py ADDRESS ROWS DESTINATION FOLDER`, where ADDRESS ends before the number of a list.
"""

import json
import os
import sys
import time
from pathlib import Path

PAGE = 1000
PHASES = 3
LOADERS = {"duckdb": "parquet", "sqlite": None}


def source(address: str, rows: int):
    from dlt.sources.rest_api import rest_api_source  # type: ignore[import-not-found]

    pages = {
        "type": "offset",
        "limit": PAGE,
        "offset": 0,
        "total_path": None,
        "maximum_offset": rows,
        "stop_after_empty_page": False,
    }
    orders = {
        "name": "orders",
        "primary_key": "id",
        "write_disposition": "merge",
        "endpoint": {"path": "orders", "data_selector": "data.list", "paginator": pages},
    }
    return rest_api_source({"client": {"base_url": address}, "resources": [orders]}, name="panel")


def destination(kind: str, folder: Path):
    import dlt  # type: ignore[import-not-found]

    if kind == "duckdb":
        return dlt.destinations.duckdb(str(folder / "orders.duckdb"))
    return dlt.destinations.sqlalchemy(f"sqlite:///{folder / 'orders.db'}")


def phase(pipeline, address: str, rows: int, loader: str | None) -> dict[str, float]:
    cpu, wall = spent(), time.perf_counter()
    pipeline.run(source(address, rows), loader_file_format=loader).raise_on_failed_jobs()
    return {
        "cpu": (spent() - cpu) / rows * 1e6,
        "wall": (time.perf_counter() - wall) / rows * 1e6,
        "peak": peak(),
    }


def spent() -> float:
    """Seconds of CPU, those of its children too."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def peak() -> float:
    """MiB, of this program alone: what getrusage tells may be of the one before it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def held(pipeline) -> int:
    with pipeline.sql_client() as client:
        return int(client.execute_sql("SELECT COUNT(*) FROM orders")[0][0])


def main(address: str, rows: int, kind: str, folder: Path) -> None:
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}
    import dlt

    pipeline = dlt.pipeline(
        "bench", pipelines_dir=str(folder / "pipelines"), destination=destination(kind, folder), dataset_name="panel"
    )
    told = [phase(pipeline, f"{address}/{number}/", rows, LOADERS[kind]) for number in range(PHASES)]
    if held(pipeline) != rows:
        raise SystemExit(f"{held(pipeline)} of {rows} orders are held")
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
