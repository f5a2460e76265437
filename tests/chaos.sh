#!/usr/bin/env bash
# Random faults for a while, then looks whether all is as wanted.   tests/chaos.sh [--minutes N] [--seed S]      (10 and 1)
# On three machines of the lab, which are killed, paused and cut off, as are agents, services and containers; the broker is killed and paused, connections are cut; messages come late, twice and in another order.
# The same seed does the same faults in the same order. Needs root for the lab (docs/guide/lab.md), Docker Engine, RabbitMQ (one of its own is started) and MongoDB (ORCH_TEST_MONGO).
. "$(dirname "${BASH_SOURCE[0]}")/../infra/lib.sh"

while [ $# -gt 0 ]; do
  case $1 in
    --minutes) [[ ${2:-} =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "--minutes: give a number"; export ORCH_CHAOS_MINUTES=$2; shift 2 ;;
    --seed) [[ ${2:-} =~ ^[0-9]+$ ]] || die "--seed: give a whole number"; export ORCH_CHAOS_SEED=$2; shift 2 ;;
    *) say "usage: tests/chaos.sh [--minutes N] [--seed S]"; exit 2 ;;
  esac
done
exec "$repo/tests/run.sh" chaos
