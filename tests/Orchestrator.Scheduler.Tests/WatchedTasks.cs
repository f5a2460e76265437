using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>A store of tasks that looks after each write at what is stored then: no state between two writes goes unseen.</summary>
public class WatchedTasks : DispatchProxy, IDisposable
{
    private readonly SemaphoreSlim _oneByOne = new(1);
    private readonly ConcurrentDictionary<string, int> _fewest = new();
    private ITaskStore _store = null!;

    /// <summary>The fewest slots of a service that were served at one time, since <see cref="Forget"/>.</summary>
    public IReadOnlyDictionary<string, int> Fewest => _fewest;

    public static WatchedTasks Around(IServiceProvider provider, Type real)
    {
        var proxy = (WatchedTasks)(object)Create<ITaskStore, WatchedTasks>();
        proxy._store = (ITaskStore)ActivatorUtilities.CreateInstance(provider, real);
        return proxy;
    }

    public void Forget() => _fewest.Clear();

    public void Dispose()
    {
        _oneByOne.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name is nameof(ITaskStore.InsertManyAsync) or nameof(ITaskStore.ReplaceManyAsync)
            ? WriteAsync(() => (Task<IReadOnlySet<string>>)targetMethod.Invoke(_store, args)!)
            : targetMethod.Invoke(_store, args);

    private async Task<IReadOnlySet<string>> WriteAsync(Func<Task<IReadOnlySet<string>>> write)
    {
        await _oneByOne.WaitAsync();
        try
        {
            var refused = await write();
            foreach (var service in (await _store.ListAsync(null, null, CancellationToken.None)).GroupBy(task => task.Service))
            {
                var served = service.Where(task => task is { Ready: true, State: TaskState.Running, Desired: DesiredState.Run, NodeLost: false }).Select(task => task.Slot).Distinct().Count();
                _fewest.AddOrUpdate(service.Key, served, (_, fewest) => Math.Min(fewest, served));
            }

            return refused;
        }
        finally
        {
            _oneByOne.Release();
        }
    }
}
