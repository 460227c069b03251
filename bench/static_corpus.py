"""Static verdicts over a labelled corpus that the caller names, one JSON row a skill; nothing of it is run or kept.

    python bench/static_corpus.py CORPUS_DIR OUT.jsonl [--only SOURCE ...] [--jobs 2] [--findings DETAIL.jsonl]

CORPUS_DIR holds corpus.jsonl, whose rows have `id` and `path`. A folder with several skills counts as one: its worst
skill decides. A row out is {id, flag, max_severity, verdict, by_blocklist, seconds, failed}.
"""

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from vetting import garbage, policy
from vetting.bundle import Bundle, BundleFile
from vetting.checks import checks
from vetting.errors import SkillError
from vetting.findings import Axis, Severity
from vetting.manifest import read_manifest
from vetting.reading.forgetting import forget
from vetting.stages.static import findings_in


def skills_in(folder: Path) -> list[Path]:
    """Every folder below that holds a SKILL.md and is not inside another such one; the folder itself when none does."""
    roots: list[Path] = []
    for path in sorted(folder.rglob("*"), key=lambda p: (len(p.parts), str(p))):
        if path.name.lower() == "skill.md" and path.is_file() and not any(root in path.parents for root in roots):
            roots.append(path.parent)
    return roots or [folder]


def bundle_of(root: Path) -> Bundle:
    files = [
        BundleFile(p.relative_to(root).as_posix(), p.read_bytes(), bool(p.stat().st_mode & 0o100))
        for p in sorted(root.rglob("*"))
        if p.is_file() and not p.is_symlink()
    ]
    return Bundle(tuple(files))


def manifest_of(bundle: Bundle, folder: str) -> object:
    text = next((f.data for f in bundle if f.path.lower() == "skill.md"), b"")
    return read_manifest(text, folder=folder, lenient=True)[0]


def judge(root: Path) -> tuple[list, list[str], dict]:
    bundle = bundle_of(root)
    result = findings_in(bundle, manifest_of(bundle, root.name), scanners=False)
    return result.findings, result.failed, result.coverage


def row_of(task: tuple[str, str, bool]) -> tuple[dict, list[dict]]:
    identity, path, alone = task
    if alone:
        forget()
    started = time.process_time()
    findings, failed = [], []
    for root in skills_in(Path(path)):
        try:
            found, broken, _ = judge(root)
        except SkillError as refused:
            found, broken = [], [f"intake: {refused}"]
        findings += found
        failed += broken
    seconds = time.process_time() - started
    malice = [f for f in findings if f.axis is Axis.MALICE]
    verdict, _ = policy.verdict(findings, dict.fromkeys(failed, "it was not read to its end"))
    flagged = verdict in (policy.WARN, policy.BLOCK)
    row = {
        "id": identity,
        "flag": flagged,
        "max_severity": max((f.severity for f in malice), default=Severity.INFO).name,
        "verdict": verdict,
        "by_blocklist": flagged and all(f.blocklisted for f in malice if policy.warns(f)),
        "seconds": round(seconds, 4),
        "failed": failed,
    }
    return row, [{"id": identity, **f.as_dict()} for f in findings]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--findings", type=Path)
    parser.add_argument("--alone", action="store_true", help="keep nothing that was read from one skill to the next")
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.corpus / "corpus.jsonl").read_text().splitlines()]
    tasks = [
        (r["id"], str(options.corpus / r["path"]), options.alone)
        for r in rows
        if not options.only or r["source"] in options.only
    ]
    checks()
    garbage.look_seldom()
    started = time.perf_counter()
    if options.jobs > 1:
        with ProcessPoolExecutor(options.jobs) as pool:
            results = list(pool.map(row_of, tasks, chunksize=8))
    else:
        results = [row_of(task) for task in tasks]
    wall = time.perf_counter() - started
    options.out.write_text("".join(json.dumps(row) + "\n" for row, _ in results))
    if options.findings:
        options.findings.write_text("".join(json.dumps(one) + "\n" for _, found in results for one in found))
    times = sorted(row["seconds"] for row, _ in results)
    last = len(times) - 1
    print(
        f"{len(times)} skills in {wall:.1f} s, {sum(times):.1f} s of CPU; a skill: "
        f"median {times[last // 2] * 1000:.0f} ms, "
        f"p95 {times[int(last * 0.95)] * 1000:.0f} ms, p99 {times[int(last * 0.99)] * 1000:.0f} ms, "
        f"max {times[-1]:.2f} s; "
        f"{sum(bool(row['failed']) for row, _ in results)} with a check that could not run"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
