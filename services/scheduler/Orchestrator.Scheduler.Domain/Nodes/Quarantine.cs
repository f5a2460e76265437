namespace Orchestrator.Scheduler.Domain.Nodes;

/// <summary>
/// A service that fails everywhere is its own fault; a node on which several fail is the node's. Such a node gets no new tasks for a
/// while, unless too few others would be left to take them.
/// </summary>
public static class Quarantine
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    private const int Starts = 5;
    private const int Services = 3;

    /// <param name="failures">Starts that failed on the node: whose, and when.</param>
    /// <param name="others">How many other nodes take tasks.</param>
    /// <param name="all">How many nodes there are.</param>
    /// <param name="now">The time of the decision.</param>
    /// <returns>Why it is to be quarantined; null: it is not.</returns>
    public static string? Reason(IEnumerable<(string ServiceId, DateTimeOffset At)> failures, int others, int all, DateTimeOffset now)
    {
        var recent = failures.Where(failure => failure.At > now - Window).ToList();
        var services = recent.Select(failure => failure.ServiceId).Distinct().Count();
        return recent.Count >= Starts && services >= Services && others > 0 && others * 2 >= all
            ? $"{recent.Count} containers of {services} services failed to start on it within {Window.TotalMinutes:0} minutes"
            : null;
    }
}
