using System.Collections.Concurrent;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Tasks;

/// <summary>The health last seen of each live task that has a check.</summary>
internal sealed class KnownHealth
{
    private readonly ConcurrentDictionary<string, HealthState> _health = new();

    public IReadOnlyDictionary<string, HealthState> Snapshot(IEnumerable<TaskReport> reports) =>
        reports.Select(report => report.TaskId).Distinct().Where(_health.ContainsKey).ToDictionary(id => id, id => _health.GetValueOrDefault(id));

    public void Take(IEnumerable<TaskReport> reports)
    {
        foreach (var report in reports)
        {
            if (report.Health == HealthState.None || report.State.IsFinal())
            {
                _health.TryRemove(report.TaskId, out _);
            }
            else
            {
                _health[report.TaskId] = report.Health;
            }
        }
    }
}
