using System.Diagnostics.Metrics;

namespace Orchestrator.Scheduler;

/// <summary>What the scheduler counts and how long it takes. The gauges stand with what they show.</summary>
internal static class SchedulerMetrics
{
    public const string MeterName = "Orchestrator.Scheduler";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Answered = Meter.CreateCounter<long>(
        "orchestrator_commands_answered_total", null, "Commands answered for the first time, by command and outcome (Accepted, Rejected, Superseded).");

    private static readonly Histogram<double> Pass = Meter.CreateHistogram<double>(
        "orchestrator_reconcile_duration_seconds", "s", "One pass over one service, by outcome (settled, again, failed).");

    private static readonly Counter<long> Tasks = Meter.CreateCounter<long>(
        "orchestrator_reconcile_tasks_total", null, "Tasks that passes changed, by change (created, stopped).");

    private static readonly Histogram<double> Placement = Meter.CreateHistogram<double>(
        "orchestrator_placement_duration_seconds", "s", "Placement of a group of equal tasks, with the wait for its turn and the setting aside of capacity.");

    private static readonly Counter<long> Placed = Meter.CreateCounter<long>(
        "orchestrator_placement_tasks_total", null, "Tasks that asked for a node, by outcome (placed, waiting); one that waits asks again and again.");

    private static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "orchestrator_placement_conflicts_total", null, "Nodes on which another scheduler was first to set capacity aside.");

    private static readonly Histogram<double> Sweep = Meter.CreateHistogram<double>(
        "orchestrator_sweep_duration_seconds", "s", "One sweep for what was missed.");

    private static readonly Counter<long> Swept = Meter.CreateCounter<long>(
        "orchestrator_sweep_services_total", null, "Services that sweeps found due to be looked at.");

    public static void CommandAnswered(string command, string outcome) =>
        Answered.Add(1, new KeyValuePair<string, object?>("command", command), new KeyValuePair<string, object?>("outcome", outcome));

    public static void PassDone(string outcome, TimeSpan duration) => Pass.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    public static void TasksChanged(int created, int stopped)
    {
        Tasks.Add(created, new KeyValuePair<string, object?>("change", "created"));
        Tasks.Add(stopped, new KeyValuePair<string, object?>("change", "stopped"));
    }

    public static void PlacementDone(int placed, int waiting, TimeSpan duration)
    {
        Placement.Record(duration.TotalSeconds);
        Placed.Add(placed, new KeyValuePair<string, object?>("outcome", "placed"));
        Placed.Add(waiting, new KeyValuePair<string, object?>("outcome", "waiting"));
    }

    public static void PlacementConflicts(int nodes) => Conflicts.Add(nodes);

    public static void SweepDone(int services, TimeSpan duration)
    {
        Sweep.Record(duration.TotalSeconds);
        Swept.Add(services);
    }
}
