using System.Diagnostics.Metrics;
using Orchestrator.Contracts;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Dlq;

/// <summary>What the error queues held when some instance last counted them; the gauge <c>orchestrator_error_queue_messages</c>.</summary>
internal sealed class ErrorQueueCounts
{
    private volatile ErrorQueuesCounted _last = new() { Messages = new Dictionary<string, long>(), CountedAt = DateTimeOffset.MinValue };

    public ErrorQueueCounts(IMeterFactory meters) => meters.Create(ApiMetrics.MeterName).CreateObservableGauge(
        "orchestrator_error_queue_messages",
        () => ErrorQueueNames.All.Select(queue => new Measurement<long>(_last.Messages.GetValueOrDefault(queue), new KeyValuePair<string, object?>("queue", queue))),
        description: "Messages that no consumer could take, by error queue.");

    public ErrorQueuesCounted Last => _last;

    public void Take(ErrorQueuesCounted counted)
    {
        if (counted.CountedAt > _last.CountedAt)
        {
            _last = counted;
        }
    }

    /// <summary>One line for each queue that holds any.</summary>
    public IEnumerable<string> Problems() => _last.Messages
        .OrderBy(queue => queue.Key, StringComparer.Ordinal)
        .Select(queue => $"{queue.Key} holds {queue.Value} failed {(queue.Value == 1 ? "message" : "messages")}; see orch dlq show {queue.Key}");
}
