using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Plans;

/// <summary>Asks the schedulers for a plan and waits for the answer.</summary>
internal sealed class PlanDesk(IBus bus, IOptions<ApiOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<AppPlanned>> _open = new();

    /// <returns>Null when no scheduler answers in time.</returns>
    public async Task<AppPlanned?> AskAsync(string app, ApplicationSpec spec, CancellationToken cancellation)
    {
        var id = NewId.NextGuid().ToString("N");
        var answered = new TaskCompletionSource<AppPlanned>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[id] = answered;
        using var limit = new CancellationTokenSource(options.Value.PlanTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            // Asking is part of the time there is: with the broker away it would last for ever.
            await bus.Publish(new PlanApp { RequestId = id, App = app, Spec = spec }, sending => sending.Durable = false, either.Token).WaitAsync(either.Token);
            return await answered.Task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    public void Answer(AppPlanned answer)
    {
        if (_open.TryGetValue(answer.RequestId, out var question))
        {
            question.TrySetResult(answer);
        }
    }
}
