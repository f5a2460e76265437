#!/usr/bin/env bash
# Measures.   tests/bench.sh NAME [options]     one JSON line per figure; all else goes to stderr; fails when a gate is not met
#   start-latency [--rounds 50]
#   placement [--case NAME]
. "$(dirname "${BASH_SOURCE[0]}")/../infra/lib.sh"
need_dotnet
if [ "${1:-}" != placement ]; then
    need_engine
    need_static_busybox
fi
(cd "$repo" && dotnet build -c Release -v q tests/Orchestrator.Benchmarks >&2)
exec dotnet exec "$repo/artifacts/bin/Orchestrator.Benchmarks/release/Orchestrator.Benchmarks.dll" "$@"
