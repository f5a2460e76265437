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
    private readonly ConcurrentDictionary<string, int> _most = new();
    private ITaskStore _store = null!;

    /// <summary>The fewest slots of a service that were served at one time, since <see cref="Forget"/>.</summary>
    public IReadOnlyDictionary<string, int> Fewest => _fewest;

    /// <summary>The most tasks of a service that were to run at one time, since <see cref="Forget"/>.</summary>
    public IReadOnlyDictionary<string, int> Most => _most;

    /// <summary>What somebody else stores just before these tasks are replaced.</summary>
    public Func<IReadOnlyList<TaskDocument>, IReadOnlyList<TaskDocument>> Before { get; set; } = _ => [];

    /// <summary>What somebody else does just before these tasks are stored for the first time.</summary>
    public Func<IReadOnlyList<TaskDocument>, Task> BeforeInsert { get; set; } = _ => Task.CompletedTask;

    /// <summary>Puts one before the store that is registered.</summary>
    public static void Watch(IServiceCollection services, Action<WatchedTasks> started)
    {
        var real = services.Last(service => service.ServiceType == typeof(ITaskStore)).ImplementationType!;
        services.AddSingleton(provider =>
        {
            var proxy = Create<ITaskStore, WatchedTasks>();
            var watched = (WatchedTasks)(object)proxy;
            watched._store = (ITaskStore)ActivatorUtilities.CreateInstance(provider, real);
            started(watched);
            return proxy;
        });
    }

    public void Forget()
    {
        _fewest.Clear();
        _most.Clear();
    }

    public void Dispose()
    {
        _oneByOne.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ITaskStore.InsertManyAsync) => WriteAsync([], () => InsertAsync((IReadOnlyList<TaskDocument>)args![0]!)),
        nameof(ITaskStore.ReplaceManyAsync) => WriteAsync((IReadOnlyList<TaskDocument>)args![0]!, () => _store.ReplaceManyAsync((IReadOnlyList<TaskDocument>)args[0]!, CancellationToken.None)),
        _ => targetMethod.Invoke(_store, args),
    };

    private async Task<IReadOnlySet<string>> InsertAsync(IReadOnlyList<TaskDocument> tasks)
    {
        await BeforeInsert(tasks);
        return await _store.InsertManyAsync(tasks, CancellationToken.None);
    }

    private async Task<IReadOnlySet<string>> WriteAsync(IReadOnlyList<TaskDocument> tasks, Func<Task<IReadOnlySet<string>>> write)
    {
        await _oneByOne.WaitAsync();
        try
        {
            if (Before(tasks) is { Count: > 0 } others)
            {
                await _store.ReplaceManyAsync(others, CancellationToken.None);
            }

            var refused = await write();
            foreach (var service in (await _store.ListAsync(null, null, CancellationToken.None)).GroupBy(task => task.Service))
            {
                var served = service.Where(task => task is { Ready: true, State: TaskState.Running, Desired: DesiredState.Run, NodeLost: false }).Select(task => task.Slot).Distinct().Count();
                var toRun = service.Count(task => task is { Desired: DesiredState.Run, NodeLost: false } && !task.State.IsFinal());
                _fewest.AddOrUpdate(service.Key, served, (_, fewest) => Math.Min(fewest, served));
                _most.AddOrUpdate(service.Key, toRun, (_, most) => Math.Max(most, toRun));
            }

            return refused;
        }
        finally
        {
            _oneByOne.Release();
        }
    }
}
