#!/usr/bin/env bash
# All that a machine with an NVIDIA GPU is asked, in one run: probes, checks, times, and PyTorch's beside them.
#
#   dotnet publish tests/NetGen.Device -c Release -r linux-x64 -p:PublishAot=true -o artifacts/device   (where the SDK is)
#   tests/NetGen.Device/run.sh artifacts/device [RESULTS]                                               (where the card is)
#
# Needs the driver; what it finds besides (compute-sanitizer, a Python with PyTorch: PYTHON=…) it uses. Results go into a
# folder, the table is printed last. What fails is said and stops nothing behind it; the exit status tells whether anything did.
set -u
if [ $# -lt 1 ] || [ ! -x "$1/device" ]; then
  echo "usage: run.sh FOLDER_OF_THE_PROGRAM [RESULTS]; there is no program 'device' in '${1:-}'" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
device=$(cd "$1" && pwd)/device
results=${2:-$here/../../artifacts/device-results}
python=${PYTHON:-python3}
mkdir -p "$results"
failed=()

# Runs a part with a time limit; its output goes to a file and to the screen.
part() {
  local name=$1 limit=$2
  shift 2
  echo "== $name"
  timeout "$limit" "$@" 2>&1 | tee "$results/$name.txt"
  local status=${PIPESTATUS[0]}
  [ "$status" -eq 0 ] || { failed+=("$name ($status)"); echo "== $name failed: $status"; }
}

if command -v nvidia-smi > /dev/null; then
  part card 20 nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.sm,clocks.mem --format=csv
fi
part probe 60 "$device" probe
part check 120 "$device" check
if command -v compute-sanitizer > /dev/null; then
  part memcheck 90 compute-sanitizer --tool memcheck --error-exitcode 3 "$device" check
  part racecheck 90 compute-sanitizer --tool racecheck --error-exitcode 3 "$device" check
fi
part time 120 "$device" time
if "$python" -c 'import torch; assert torch.cuda.is_available()' 2> /dev/null; then
  part torch 240 "$python" "$here/torch_peer.py"
fi
if grep -qs "^{" "$results/time.txt" && command -v "$python" > /dev/null; then
  peers=()
  grep -qs "^{" "$results/torch.txt" && peers=("$results/torch.txt")
  part table 20 "$python" "$here/table.py" "$results/time.txt" ${peers[@]+"${peers[@]}"}
fi
if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}"
  exit 1
fi
