using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Domain.Tasks;

/// <summary>Which reports change what is known of a task's health.</summary>
public static class HealthChanges
{
    /// <param name="known">The health last seen of each task.</param>
    /// <param name="reports">Reports, newest last.</param>
    /// <returns>The reports that tell another health than the one before. A task without a check has none to tell.</returns>
    public static IReadOnlyList<TaskReport> Of(IReadOnlyDictionary<string, HealthState> known, IEnumerable<TaskReport> reports)
    {
        var last = new Dictionary<string, HealthState>(known);
        var changes = new List<TaskReport>();
        foreach (var report in reports)
        {
            if (report.Health != last.GetValueOrDefault(report.TaskId))
            {
                last[report.TaskId] = report.Health;
                changes.Add(report);
            }
        }

        return changes;
    }
}
