using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Reports;

/// <summary>
/// Tells what became of tasks: at once when idle, together while a message is on its way. Of a task only the newest entry
/// waits, and nothing is dropped until it is published.
/// </summary>
internal sealed class TaskReporter(IBus bus, IOptions<NodeAgentOptions> options, TimeProvider time, ILogger<TaskReporter> logger) : BackgroundService
{
    private const int MaxEntries = 500;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, TaskReport> _waiting = [];
    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _seq;

    public long Epoch { get; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Tells how these are now. Looked at where the numbers are given: a greater number never tells of an earlier state.</summary>
    public void Report(params IEnumerable<TaskEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _waiting[entry.Id] = entry.Report() with { AgentEpoch = Epoch, Seq = ++_seq };
            }
        }

        _wake.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _wake.Reader.WaitToReadAsync(stoppingToken))
        {
            _wake.Reader.TryRead(out _);
            while (Take() is { Count: > 0 } batch)
            {
                await PublishAsync(batch, stoppingToken);
            }
        }
    }

    private async Task PublishAsync(IReadOnlyList<TaskReport> batch, CancellationToken cancellation)
    {
        try
        {
            await bus.Publish(new TasksReported { NodeId = options.Value.NodeId, Tasks = batch, OccurredAt = time.GetUtcNow() }, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Log.ReportsDelayed(logger, exception.Message);
            PutBack(batch);
            await Task.Delay(RetryDelay, time, cancellation);
        }
    }

    private List<TaskReport> Take()
    {
        lock (_gate)
        {
            var batch = _waiting.Values.OrderBy(report => report.Seq).Take(MaxEntries).ToList();
            batch.ForEach(report => _waiting.Remove(report.TaskId));
            return batch;
        }
    }

    private void PutBack(IReadOnlyList<TaskReport> batch)
    {
        lock (_gate)
        {
            foreach (var report in batch)
            {
                _waiting.TryAdd(report.TaskId, report);
            }
        }
    }
}
