namespace Orchestrator.HealthMonitor.Domain.Leases;

/// <summary>
/// Who decides. No clock of another machine counts: a lease is free when its holder has not renewed it for as long as it lasts
/// by the clock of the one who watches, and the holder lets it go at that time by its own.
/// </summary>
public static class LeaseRules
{
    /// <param name="holder">Who has it; null when nobody has.</param>
    /// <param name="self">The instance that asks.</param>
    /// <param name="unchangedFor">How long the asker has watched it without a renewal.</param>
    /// <param name="isHeld">The asker's own renewal is young enough to count on.</param>
    /// <param name="lasts">How long a renewal holds.</param>
    public static LeaseAction Next(string? holder, string self, TimeSpan unchangedFor, bool isHeld, TimeSpan lasts) =>
        holder is null ? LeaseAction.Take
        : holder == self ? (isHeld ? LeaseAction.Renew : LeaseAction.Take)
        : unchangedFor >= lasts ? LeaseAction.Take
        : LeaseAction.Wait;
}
