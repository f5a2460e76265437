namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Faults one after another, the same ones for the same seed.</summary>
internal static class ChaosSchedule
{
    private static readonly (ChaosKind Kind, int Weight)[] Weights =
    [
        (ChaosKind.KillContainer, 6), (ChaosKind.PauseContainer, 2), (ChaosKind.KillMachine, 4), (ChaosKind.PauseMachine, 3), (ChaosKind.CutMachine, 4),
        (ChaosKind.KillAgent, 3), (ChaosKind.FreezeAgent, 3), (ChaosKind.KillScheduler, 3), (ChaosKind.FreezeScheduler, 2), (ChaosKind.KillApi, 2), (ChaosKind.FreezeApi, 1),
        (ChaosKind.KillHealthMonitor, 2), (ChaosKind.FreezeHealthMonitor, 1), (ChaosKind.CutDatabase, 1), (ChaosKind.KillBroker, 1), (ChaosKind.FreezeBroker, 2), (ChaosKind.DoubleSignals, 2),
        (ChaosKind.CutAgents, 1), (ChaosKind.DelayAgents, 3), (ChaosKind.RepeatReports, 3),
    ];

    public static IEnumerable<ChaosStep> Steps(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var kind = Pick(random);
            yield return new ChaosStep(kind, random.Next(1000), TimeSpan.FromSeconds(0.5 + (random.NextDouble() * 5)), TimeSpan.FromSeconds(1 + (random.NextDouble() * 4)));
        }
    }

    private static ChaosKind Pick(Random random)
    {
        var at = random.Next(Weights.Sum(entry => entry.Weight));
        foreach (var (kind, weight) in Weights)
        {
            if ((at -= weight) < 0)
            {
                return kind;
            }
        }

        return ChaosKind.KillContainer;
    }
}
