#!/usr/bin/env python3
"""规范中文 Markdown 的空格与标点；代码保持原样。"""

import argparse
import re
import sys
from pathlib import Path

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
FULL_WIDTH = {",": "，", ".": "。", "?": "？", "!": "！", ":": "：", ";": "；"}


def prose(text: str) -> str:
    text = re.sub(rf"(?<=[{HAN}])\.{{3,}}", "……", text)
    text = re.sub(rf"(?<=[{HAN}])([,.?!:;])(?=[{HAN}\s]|$)[ \t]*", lambda hit: FULL_WIDTH[hit[1]], text)
    text = re.sub(rf"(?<=[{HAN}])(?=[A-Za-z0-9])", " ", text)
    return re.sub(rf"(?<=[A-Za-z0-9%])(?=[{HAN}])", " ", text)


def typeset(text: str) -> str:
    """奇数段是代码，不改动。"""
    parts = CODE.split(text)
    return "".join(part if index % 2 else prose(part) for index, part in enumerate(parts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=Path("out"))
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.zh.md"))
    if not files:
        print(f"{options.folder} 中没有 *.zh.md 文件", file=sys.stderr)
        return 1
    options.output.mkdir(parents=True, exist_ok=True)
    for path in files:
        (options.output / path.name).write_text(typeset(path.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"已处理 {len(files)} 个文件 -> {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
