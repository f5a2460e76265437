using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Status;

/// <summary>The gauges of the whole cluster: tasks by state, counted in the store now and then, and nodes by liveness. Every scheduler shows the same.</summary>
internal sealed class ClusterCounts : BackgroundService
{
    private readonly ITaskStore _tasks;
    private readonly IOptions<SchedulerOptions> _options;
    private readonly TimeProvider _time;

    /// <summary>Null while the store does not answer: an old count would pass for a new one.</summary>
    private volatile IReadOnlyDictionary<TaskState, long>? _byState;

    public ClusterCounts(ITaskStore tasks, NodeView nodes, IMeterFactory meters, IOptions<SchedulerOptions> options, TimeProvider time)
    {
        (_tasks, _options, _time) = (tasks, options, time);
        var meter = meters.Create(SchedulerMetrics.MeterName);
        meter.CreateObservableGauge("orchestrator_tasks", TasksByState, null, "Stored tasks by state, finished ones that are still kept too.");
        meter.CreateObservableGauge(
            "orchestrator_nodes",
            () => nodes.CountByLiveness().Select(count => new Measurement<int>(count.Value, new KeyValuePair<string, object?>("liveness", count.Key.ToString()))),
            null,
            "Nodes by liveness.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Value.TasksCountedEvery, _time);
        do
        {
            try
            {
                _byState = await _tasks.CountByStateAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store says what is wrong with it, and so do its metrics.
                _byState = null;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<long>> TasksByState() => _byState is { } counts
        ? Enum.GetValues<TaskState>().Select(state => new Measurement<long>(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state.ToString())))
        : [];
}
