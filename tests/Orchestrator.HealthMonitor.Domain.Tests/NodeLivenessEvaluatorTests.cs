using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor.Domain.Tests;

public sealed class NodeLivenessEvaluatorTests
{
    private static readonly NodeLivenessThresholds Defaults = new();
    private static readonly Listening Long = new() { For = TimeSpan.FromDays(3) };

    private static readonly Gen<NodeSignal> Signals = Gen.Select(
        Gen.Enum<NodeLiveness>(), Gen.Double[0, 100_000], Gen.Double[0, 30], Gen.Double[0.05, 5], Gen.Bool,
        (known, knownFor, silent, interval, heard) => new NodeSignal
        {
            Known = known,
            KnownFor = TimeSpan.FromSeconds(knownFor),
            SilentFor = heard ? TimeSpan.FromSeconds(silent) : null,
            Interval = TimeSpan.FromSeconds(interval),
        });

    private static readonly Gen<Listening> Ears = Gen.Select(
        Gen.Double[0, 200], Gen.Double[0, 100], (heard, deaf) => new Listening { For = TimeSpan.FromSeconds(heard), DeafFor = TimeSpan.FromSeconds(deaf) });

    [Fact]
    public void WhereNoProofIsNeeded_TheVerdictIsTheSame_HoweverLongWasListened() => Gen.Select(Signals, Ears, Ears).Sample((node, one, other) =>
    {
        if (node.Known is null or < NodeLiveness.Lost && !NodeLivenessEvaluator.NeedsProof(node, Defaults))
        {
            Assert.Equal(Next(node, one), Next(node, other));
        }
    });

    [Theory]
    [InlineData(1.4, NodeLiveness.Ready, false)]
    [InlineData(1.6, NodeLiveness.Ready, true)]
    [InlineData(9.0, NodeLiveness.Unreachable, true)]
    [InlineData(9.0, NodeLiveness.Lost, false)]
    [InlineData(null, NodeLiveness.Ready, true)]
    public void Silence_NeedsProof_UntilTheNodeIsLost(double? silent, NodeLiveness known, bool needs) => Assert.Equal(
        needs,
        NodeLivenessEvaluator.NeedsProof(
            new NodeSignal { Known = known, SilentFor = silent is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Interval = TimeSpan.FromSeconds(0.5) }, Defaults));

    [Theory]
    [InlineData(0, NodeLiveness.Ready)]
    [InlineData(1.49, NodeLiveness.Ready)]
    [InlineData(1.5, NodeLiveness.Suspect)]
    [InlineData(3, NodeLiveness.Unreachable)]
    [InlineData(3.5, NodeLiveness.Lost)]
    [InlineData(86_401, NodeLiveness.Lost)]
    public void Silence_AtTheDefaults(double seconds, NodeLiveness liveness) => Assert.Equal(liveness, After(seconds, 0.5));

    [Theory]
    [InlineData(4.9, NodeLiveness.Ready)]
    [InlineData(6, NodeLiveness.Suspect)]
    [InlineData(7.5, NodeLiveness.Unreachable)]
    [InlineData(8, NodeLiveness.Lost)]
    public void ASlowBeat_IsNoSilence(double seconds, NodeLiveness liveness) => Assert.Equal(liveness, After(seconds, 2));

    [Theory]
    [InlineData(NodeLiveness.Lost, 23.9, NodeLiveness.Lost)]
    [InlineData(NodeLiveness.Lost, 24, NodeLiveness.Down)]
    [InlineData(NodeLiveness.Unreachable, 24, NodeLiveness.Lost)]
    [InlineData(NodeLiveness.Down, 0, NodeLiveness.Down)]
    public void ANode_IsDown_WhenItWasLostForLong(NodeLiveness known, double hours, NodeLiveness liveness) =>
        Assert.Equal(liveness, Next(new NodeSignal { Known = known, KnownFor = TimeSpan.FromHours(hours) }, Long));

    [Theory]
    [InlineData(3.4, 0, NodeLiveness.Unreachable)]
    [InlineData(3.5, 0, NodeLiveness.Lost)]
    [InlineData(3.5, 1, NodeLiveness.Suspect)]
    [InlineData(5.5, 1, NodeLiveness.Lost)]
    [InlineData(61.4, 600, NodeLiveness.Ready)]
    [InlineData(63.5, 600, NodeLiveness.Lost)]
    public void ANodeNotHeardOf_GetsAFullWindow_AndTimeToConnectAgainAfterABreak(double listening, double deaf, NodeLiveness liveness) =>
        Assert.Equal(liveness, Next(new NodeSignal { Known = NodeLiveness.Ready }, new Listening { For = TimeSpan.FromSeconds(listening), DeafFor = TimeSpan.FromSeconds(deaf) }));

    [Theory]
    [InlineData(0.4, NodeLiveness.Ready)]
    [InlineData(2, NodeLiveness.Lost)]
    public void OnlyAHeartbeat_MakesANodeBetter(double silence, NodeLiveness liveness) =>
        Assert.Equal(liveness, Next(new NodeSignal { Known = NodeLiveness.Lost, SilentFor = TimeSpan.FromSeconds(silence), Interval = TimeSpan.FromSeconds(0.5) }, new Listening()));

    [Fact]
    public void LongerSilence_IsNeverBetter() => Gen.Select(Gen.Double[0, 100_000], Gen.Double[0, 100_000], Gen.Double[0.05, 60]).Sample((a, b, interval) =>
        After(Math.Min(a, b), interval) <= After(Math.Max(a, b), interval));

    [Fact]
    public void WithoutHavingListenedForAWindow_NobodyGetsWorse() => Gen.Select(Signals, Gen.Double[0, 1.49], Gen.Double[0, 100]).Sample((node, heard, deaf) =>
        Next(node, new Listening { For = TimeSpan.FromSeconds(heard), DeafFor = TimeSpan.FromSeconds(deaf) }) <= node.Known);

    [Fact]
    public void ANodeGetsBetter_OnlyByBeingReady() => Gen.Select(Signals, Ears).Sample((node, listening) =>
        Next(node, listening) is var next && (next >= node.Known || next == NodeLiveness.Ready));

    [Fact]
    public void MoreSilenceIsNeverCounted_ThanWasListenedTo() => Gen.Select(Signals, Ears).Sample((node, listening) =>
        NodeLivenessEvaluator.CountedSilence(node, listening, Defaults) <= listening.For);

    /// <summary>Whatever the monitor goes through: a node that beats is not found worse than suspect while beats are processed in time.</summary>
    [Fact]
    public void ANodeThatBeats_IsNeverLost_HoweverLateRoundsCome() => Gen.Double[0.1, 120].Array[1, 60].Sample(gaps =>
    {
        var interval = TimeSpan.FromSeconds(0.5);
        var listening = new Listening();
        var known = NodeLiveness.Ready;
        foreach (var seconds in gaps)
        {
            var gap = TimeSpan.FromSeconds(seconds);

            // Beats that came while rounds did not are looked at after the round that ends the gap, at the worst.
            listening = listening.Round(gap, interval);
            known = Next(new NodeSignal { Known = known, SilentFor = gap + interval, Interval = interval }, listening);
            Assert.InRange(known, NodeLiveness.Ready, NodeLiveness.Suspect);
            known = NodeLiveness.Ready;
        }
    });

    private static NodeLiveness Next(NodeSignal node, Listening listening) => NodeLivenessEvaluator.Next(node, listening, Defaults);

    private static NodeLiveness After(double seconds, double interval) =>
        Next(new NodeSignal { SilentFor = TimeSpan.FromSeconds(seconds), Interval = TimeSpan.FromSeconds(interval) }, Long);
}
