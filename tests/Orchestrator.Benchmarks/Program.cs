using Orchestrator.Benchmarks;

var benches = new Dictionary<string, Func<IReadOnlyList<string>, Task<bool>>>
{
    ["start-latency"] = StartLatency.RunAsync,
    ["burst"] = Burst.RunAsync,
    ["idle"] = Idle.RunAsync,
    ["bus"] = Bus.RunAsync,
    ["rollout"] = Rollout.RunAsync,
    ["placement"] = Placement.RunAsync,
    ["packing"] = Packing.RunAsync,
    ["flat"] = Flat.RunAsync,
    ["zero-loss"] = ZeroLoss.RunAsync,
    ["network"] = Network.RunAsync,
    ["network-rules"] = NetworkRules.RunAsync,
    ["ask-names"] = NameAsker.RunAsync,
    ["serve"] = SmallServer.RunAsync,
    ["ask"] = Asker.RunAsync,
    ["throughput"] = Throughput.RunAsync,
    ["mass"] = Mass.RunAsync,
    ["hold"] = Hold.RunAsync,
    ["recovery"] = Recovery.RunAsync,
    ["false-positives"] = FalsePositives.RunAsync,
};
if (args.Length == 0 || !benches.TryGetValue(args[0], out var bench))
{
    await Console.Error.WriteLineAsync($"usage: tests/bench.sh NAME [options]; names: {string.Join(", ", benches.Keys)}");
    return 2;
}

return await bench(args[1..]) ? 0 : 1;
