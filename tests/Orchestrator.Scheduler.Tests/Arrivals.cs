namespace Orchestrator.Scheduler.Tests;

/// <summary>What has come and was not yet taken.</summary>
public sealed class Arrivals<TBase>
    where TBase : class
{
    private readonly List<TBase> _items = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _come = New();

    public Task PutAsync(TBase item)
    {
        lock (_gate)
        {
            _items.Add(item);
            _come.TrySetResult();
            _come = New();
        }

        return Task.CompletedTask;
    }

    public IReadOnlyList<T> NotTaken<T>()
        where T : TBase
    {
        lock (_gate)
        {
            return [.. _items.OfType<T>()];
        }
    }

    public async Task<T> TakeAsync<T>(Func<T, bool> where, TimeSpan deadline)
        where T : TBase
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task come;
            lock (_gate)
            {
                if (_items.OfType<T>().FirstOrDefault(where) is { } found)
                {
                    _items.Remove(found);
                    return found;
                }

                come = _come.Task;
            }

            var left = deadline - TimeProvider.System.GetElapsedTime(start);
            Assert.True(left > TimeSpan.Zero, $"no {typeof(T).Name} as asked for; there are: {string.Join("; ", NotTaken<TBase>())}");
            await Task.WhenAny(come, Task.Delay(left, TimeProvider.System));
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
