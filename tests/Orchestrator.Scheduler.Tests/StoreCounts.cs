using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Scheduler.Tests;

/// <summary>What all counted stores were asked for.</summary>
public sealed class StoreCounts
{
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private int _items;

    public int Calls => _calls.Values.Sum();

    /// <summary>Documents that were answered, of reads that were done at once.</summary>
    public int Items => Volatile.Read(ref _items);

    /// <summary>Counts what is asked of the store that is registered.</summary>
    public void Count<T>(IServiceCollection services)
        where T : class
    {
        var real = services.Last(service => service.ServiceType == typeof(T)).ImplementationType!;
        services.AddSingleton(provider =>
        {
            var proxy = DispatchProxy.Create<T, CountedStore<T>>();
            ((CountedStore<T>)(object)proxy).Count((T)ActivatorUtilities.CreateInstance(provider, real), this);
            return proxy;
        });
    }

    public void Called(string method) => _calls.AddOrUpdate(method, 1, (_, count) => count + 1);

    public void Answered(int items) => Interlocked.Add(ref _items, items);

    public void Forget()
    {
        _calls.Clear();
        Interlocked.Exchange(ref _items, 0);
    }

    public override string ToString() => string.Join(", ", _calls.OrderByDescending(call => call.Value).Select(call => $"{call.Key} {call.Value}"));
}
