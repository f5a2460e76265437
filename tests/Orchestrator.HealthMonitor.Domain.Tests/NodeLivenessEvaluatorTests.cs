using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor.Domain.Tests;

public sealed class NodeLivenessEvaluatorTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly NodeLivenessThresholds Defaults = new();

    [Theory]
    [InlineData(0, NodeLiveness.Ready)]
    [InlineData(1.49, NodeLiveness.Ready)]
    [InlineData(1.5, NodeLiveness.Suspect)]
    [InlineData(3, NodeLiveness.Unreachable)]
    [InlineData(3.5, NodeLiveness.Lost)]
    [InlineData(86_399, NodeLiveness.Lost)]
    [InlineData(86_400, NodeLiveness.Down)]
    public void Silence_AtTheDefaults(double seconds, NodeLiveness liveness) => Assert.Equal(liveness, After(seconds, 0.5));

    [Theory]
    [InlineData(4.9, NodeLiveness.Ready)]
    [InlineData(6, NodeLiveness.Suspect)]
    [InlineData(7.5, NodeLiveness.Unreachable)]
    [InlineData(8, NodeLiveness.Lost)]
    public void ASlowBeat_IsNoSilence(double seconds, NodeLiveness liveness) => Assert.Equal(liveness, After(seconds, 2));

    [Fact]
    public void LongerSilence_IsNeverBetter() => Gen.Select(Gen.Double[0, 100_000], Gen.Double[0, 100_000], Gen.Double[0.05, 60]).Sample((a, b, interval) =>
        After(Math.Min(a, b), interval) <= After(Math.Max(a, b), interval));

    private static NodeLiveness After(double seconds, double interval) =>
        NodeLivenessEvaluator.Evaluate(Now.AddSeconds(-seconds), TimeSpan.FromSeconds(interval), Now, Defaults);
}
