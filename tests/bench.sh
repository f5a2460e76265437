#!/usr/bin/env bash
# Measures.   tests/bench.sh NAME [options]     one JSON line per figure; all else goes to stderr; fails when a gate is not met
#   start-latency [--rounds 50]   one more replica, less the engine's own time
#   burst [--rounds 5]            0 to 30 replicas, against a raw client of the engine; needs root
#   idle                          what the services cost while nothing happens
#   bus                           round trips and messages of a deploy of 500 tasks
#   rollout [--rounds 3]          10 replicas replaced, against a raw client of the engine, and Docker Swarm where the engine is in one
#   network [--rules|--no-lab|--lab]   rules and names of 1,000 services; throughput, HTTP and routing between nodes of the lab; needs root
#   zero-loss [--updates 20] [--nodes 3] [--swarm]   requests lost in rolling updates on the lab, with --swarm by Docker Swarm's, too; needs root, RabbitMQ and ORCH_TEST_MONGO
#   recovery [--rounds 10] [--case machine]   how soon all runs again after a container, an agent, a scheduler, a machine of the lab died; needs root
#   false-positives [--minutes 10]  nodes found lost that live, with busy processors and agents that stand still for 2 s
#   throughput [--store sqlite|mongo] [--nodes 1000] [--tasks 50000] [--services 100]   tasks accepted, delivered and running in a second, on simulated nodes
#   mass [--nodes 1000] [--tasks 30000]   how soon tasks are placed again when one node of ten goes silent
#   hold [--nodes 5000] [--tasks 150000] [--churn 20] [--minutes 5]   the API's times, and what a large cluster costs
#   placement [--case NAME]       tasks placed in a second, on 5,000 nodes; needs no engine
#   packing                       nodes needed for three traces, against four offline heuristics and fewest tasks first; needs no engine
#   flat                          placing with 1,000,000 tasks placed against 1,000, and on 10,000 nodes against 100; needs no engine
. "$(dirname "${BASH_SOURCE[0]}")/../infra/lib.sh"
need_dotnet
pure="placement packing flat"
case ${1:-} in
    network | zero-loss) install_packages ip=iproute2 nft=nftables conntrack=conntrack iperf3=iperf3 wrk=wrk; (cd "$repo" && dotnet build -c Release -v q services/node-agent/Orchestrator.NodeAgent >&2) ;;
esac
if [[ " $pure " != *" ${1:-} "* ]]; then
    need_engine
    need_static_busybox
fi
(cd "$repo" && dotnet build -c Release -v q tests/Orchestrator.Benchmarks >&2)
exec dotnet exec "$repo/artifacts/bin/Orchestrator.Benchmarks/release/Orchestrator.Benchmarks.dll" "$@"
