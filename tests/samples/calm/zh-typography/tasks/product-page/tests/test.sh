#!/bin/bash
# 空格、全角标点、省略号都正确，代码和原文件没有变化。
set -eu
cat > /tmp/wanted.md <<'TEXT'
# 新版本发布

本次更新支持 3 种格式，使用 Python 编写。速度提升 15% 左右！
运行`pip freeze.txt,ok`即可查看；更多内容敬请期待……
TEXT
cmp out/intro.zh.md /tmp/wanted.md
grep -q '支持3种格式,' intro.zh.md
