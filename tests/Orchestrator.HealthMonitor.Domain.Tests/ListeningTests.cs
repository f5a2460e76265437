using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor.Domain.Tests;

public sealed class ListeningTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    [Fact]
    public void RoundsInTime_AddUp() => Assert.Equal(new Listening { For = TimeSpan.FromSeconds(1.5) }, After(0.5, 0.4, 0.6));

    [Fact]
    public void ALateRound_StartsAnew_AndTellsHowLongNothingWasHeard() =>
        Assert.Equal(new Listening { For = TimeSpan.FromSeconds(0.5), DeafFor = TimeSpan.FromSeconds(9) }, After(0.5, 9, 0.5));

    [Fact]
    public void AShortBreakAfterALongOne_DoesNotHideIt() =>
        Assert.Equal(new Listening { DeafFor = TimeSpan.FromSeconds(58) }, After(60, 1, 1, 2));

    [Fact]
    public void WhoBeginsToDecide_StartsAnew() => Assert.Equal(new Listening { DeafFor = TimeSpan.FromSeconds(9) }, After(10, 1).Anew());

    private static Listening After(params double[] rounds) =>
        rounds.Aggregate(new Listening(), (listening, seconds) => listening.Round(TimeSpan.FromSeconds(seconds), Interval));
}
