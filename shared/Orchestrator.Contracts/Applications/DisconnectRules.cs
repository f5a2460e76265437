namespace Orchestrator.Contracts;

/// <summary>Says all that is wrong with what a service wants for tasks of lost nodes.</summary>
public static class DisconnectRules
{
    private const double MaxSeconds = 86_400;

    public static IReadOnlyList<PolicyRemark> Check(ServiceSpec spec) => spec.Disconnect is { } disconnect ? [.. Check(disconnect)] : [];

    private static IEnumerable<PolicyRemark> Check(DisconnectSpec disconnect)
    {
        if (disconnect.LostAfterSeconds is < 0 or > MaxSeconds or double.NaN)
        {
            yield return new PolicyRemark("disconnect.lostAfterSeconds", $"write 0s to {MaxSeconds}s, or never", IsError: true);
        }

        if (disconnect.StopOnClientAfterSeconds is < 1 or > MaxSeconds or double.NaN)
        {
            yield return new PolicyRemark("disconnect.stopOnClientAfterSeconds", $"write 1s to {MaxSeconds}s, or leave it out", IsError: true);
        }
        else if (disconnect is { NeverLost: false, StopOnClientAfterSeconds: { } stop } && stop > (disconnect.LostAfterSeconds ?? 0))
        {
            yield return new PolicyRemark(
                "disconnect.stopOnClientAfterSeconds",
                FormattableString.Invariant($"a container that is cut off may run beside its replacement for {stop - (disconnect.LostAfterSeconds ?? 0):0.###} s; to rule that out write lost_after: {stop + 5:0.###}s or more"),
                IsError: false);
        }

        if (disconnect.NeverLost && disconnect.Reconcile != ReconcileChoice.Best)
        {
            yield return new PolicyRemark("disconnect.reconcile", "it has no effect with lost_after: never: there is no replacement", IsError: false);
        }
    }
}
