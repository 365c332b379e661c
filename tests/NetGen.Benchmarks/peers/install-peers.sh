#!/bin/sh
# Fetches ONNX Runtime and libtorch and writes the models that the peers run, into artifacts/peers (git ignores it).
# Needs: the .NET SDK, and a Python with PyTorch (PYTHON, by default /usr/bin/python3); npm for one row of the start command.
# What is missing is reported and skipped; the benchmark then leaves that peer out. See README.md beside this file.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$(cd "$here/../../.." && pwd)/artifacts/peers}
python=${PYTHON:-/usr/bin/python3}
onnxruntime_node_version=${ONNXRUNTIME_NODE_VERSION:-1.30.0}

mkdir -p "$target"
target=$(cd "$target" && pwd)

say() { echo "install-peers: $*" >&2; }

# publish PROJECT FOLDER: replaces the folder, so that nothing of an older version stays.
publish() {
    rm -rf "$target/$2"
    dotnet publish "$here/$1/$1.csproj" -c Release --use-current-runtime -o "$target/$2" -v q --nologo && return
    rm -rf "$target/$2"
    say "$1 cannot be published, it is left out"
    return 1
}

# TorchSharp's native library is built with a compiler newer than some distributions have (Debian 12): it names one empty symbol
# of a libstdc++ that is not there, and the loader refuses it. Only there, the copy beside the program is told to do without.
adapt_libtorchsharp() {
    library="$target/libtorch/libLibTorchSharp.so"
    version=GLIBCXX_3.4.32
    grep -q "$version" "$library" 2> /dev/null || return 0
    standard=$(ldconfig -p 2> /dev/null | sed -n 's/.*libstdc++\.so\.6 .*x86-64.*=> //p' | head -n 1)
    if [ -n "$standard" ] && ! grep -q "$version" "$standard"; then
        "$python" "$here/elf_weak_symbol.py" "$library" _ZSt21ios_base_library_initv "$version" ||
            say "libLibTorchSharp.so needs a newer libstdc++ than this machine has, libtorch will not run"
    fi
}

if command -v dotnet > /dev/null; then
    publish OnnxRuntime.Native onnxruntime || true
    if publish TorchSharp.Peer libtorch; then
        adapt_libtorchsharp
    fi
else
    say "dotnet not found, ONNX Runtime and libtorch are left out"
fi

if command -v npm > /dev/null; then
    # --ignore-scripts: the package's own script fetches GPU libraries, which the benchmark does not use.
    (
        cd "$target"
        [ -f package.json ] || echo '{ "private": true }' > package.json
        npm install --ignore-scripts --no-audit --no-fund --no-package-lock "onnxruntime-node@$onnxruntime_node_version"
    ) || say "onnxruntime-node cannot be installed, the start command leaves Node.js out"
else
    say "npm not found, the start command leaves Node.js out"
fi

if "$python" -c 'import torch' 2> /dev/null; then
    "$python" "$here/export_models.py" "$target/models"
else
    say "$python has no PyTorch: no models are written, so no peer can run (Debian: apt-get install python3-torch)"
fi
