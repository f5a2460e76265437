using Orchestrator.State;

namespace Orchestrator.Scheduler;

/// <summary>
/// What is asked for while some of it is being done is done together the next time: one round trip for all. Nobody waits for others to come.
/// What fails together is tried one by one, so that nobody pays for another's fault.
/// </summary>
/// <param name="work">Does all of these; a result for each, in their order.</param>
/// <param name="atOnce">How many groups are under way at the same time.</param>
/// <param name="limit">The most in one group.</param>
internal sealed class Together<TItem, TResult>(Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> work, int atOnce = 1, int limit = 256)
{
    private readonly Queue<Asked> _waiting = new();
    private readonly Lock _gate = new();
    private int _underWay;

    /// <param name="item">What is asked for.</param>
    /// <param name="cancellation">Ends the wait; what is under way goes on.</param>
    public Task<TResult> AskAsync(TItem item, CancellationToken cancellation)
    {
        var asked = new Asked(item);
        lock (_gate)
        {
            _waiting.Enqueue(asked);
            if (_underWay < atOnce)
            {
                _underWay++;
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }

        return asked.Done.Task.WaitAsync(cancellation);
    }

    private async Task WorkAsync()
    {
        do
        {
            // Whoever is about to ask as well does so first: a read that needs no wait would be over before they could.
            await Task.Yield();
        }
        while (await NextAsync());
    }

    /// <returns>False when nothing waits any more.</returns>
    private async Task<bool> NextAsync()
    {
        var group = Next();
        if (group.Count > 0)
        {
            await DoAsync(group);
        }

        return group.Count > 0;
    }

    private List<Asked> Next()
    {
        lock (_gate)
        {
            var group = new List<Asked>();
            while (group.Count < limit && _waiting.TryDequeue(out var asked))
            {
                group.Add(asked);
            }

            _underWay -= group.Count == 0 ? 1 : 0;
            return group;
        }
    }

    private async Task DoAsync(List<Asked> group)
    {
        try
        {
            var results = await work([.. group.Select(asked => asked.Item)], CancellationToken.None);
            foreach (var (asked, result) in group.Zip(results))
            {
                asked.Done.TrySetResult(result);
            }
        }
        catch (Exception exception) when (group.Count == 1 || exception is StoreUnavailableException)
        {
            group.ForEach(asked => asked.Done.TrySetException(exception));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            foreach (var asked in group)
            {
                await DoAsync([asked]);
            }
        }
    }

    private sealed record Asked(TItem Item)
    {
        public TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
