#!/bin/sh
# Fetches ONNX Runtime and writes the models that the peers run, into artifacts/peers (git ignores it).
# Needs: npm, and a Python with PyTorch (PYTHON, by default /usr/bin/python3). What is missing is reported and
# skipped; the benchmark then leaves that peer out. See README.md beside this file.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$(cd "$here/../../.." && pwd)/artifacts/peers}
python=${PYTHON:-/usr/bin/python3}
onnxruntime_version=${ONNXRUNTIME_VERSION:-1.30.0}

mkdir -p "$target"
cd "$target"

if command -v npm > /dev/null; then
    # --ignore-scripts: the package's own script fetches GPU libraries, which the benchmark does not use.
    [ -f package.json ] || echo '{ "private": true }' > package.json
    npm install --ignore-scripts --no-audit --no-fund --no-package-lock "onnxruntime-node@$onnxruntime_version"
    echo "$onnxruntime_version" > onnxruntime.version
else
    echo "install-peers: npm not found, ONNX Runtime is left out" >&2
fi

if "$python" -c 'import torch' 2> /dev/null; then
    "$python" "$here/export_models.py" "$target/models"
else
    echo "install-peers: $python has no PyTorch: no models are written, so neither peer can run (Debian: apt-get install python3-torch)" >&2
fi
