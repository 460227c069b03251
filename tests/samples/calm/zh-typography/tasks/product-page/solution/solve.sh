#!/bin/bash
set -eu
mkdir -p out
cat > out/intro.zh.md <<'TEXT'
# 新版本发布

本次更新支持 3 种格式，使用 Python 编写。速度提升 15% 左右！
运行`pip freeze.txt,ok`即可查看；更多内容敬请期待……
TEXT
