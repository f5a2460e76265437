using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>
/// Asks whether heartbeats can be heard: a message of ours must come back the way they come. A broker that stands still, a cut
/// that no side has noticed and a process that was frozen all look the same: it does not come, or late.
/// </summary>
internal sealed class Echo(IBus bus, MonitorInstance instance, IOptions<HealthMonitorOptions> options, TimeProvider time)
{
    private Call _call = new(0, new TaskCompletionSource());

    /// <returns>False when it did not come back in time.</returns>
    public async Task<bool> ComesBackAsync(CancellationToken cancellation)
    {
        var patience = options.Value.Interval * Listening.RoundsToMiss;
        var call = new Call(_call.Number + 1, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _call, call);
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await bus.Publish(
                new MonitorEcho { InstanceId = instance.Id, Number = call.Number },
                context =>
                {
                    context.Durable = false;
                    context.TimeToLive = patience;
                },
                either.Token);
            await call.Back.Task.WaitAsync(either.Token);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever keeps it from coming, nothing can be heard.
            return false;
        }
    }

    public void Heard(MonitorEcho echo)
    {
        if (echo.InstanceId == instance.Id && Volatile.Read(ref _call) is { } call && call.Number == echo.Number)
        {
            call.Back.TrySetResult();
        }
    }

    private sealed record Call(long Number, TaskCompletionSource Back);
}
