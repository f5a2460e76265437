using System.Collections.Concurrent;

namespace Orchestrator.Messaging;

/// <summary>The queues that take bodies without a type header.</summary>
internal sealed class OutsiderQueues
{
    private readonly ConcurrentDictionary<string, byte> _names = new();

    public void Add(Uri inputAddress) => _names.TryAdd(NameOf(inputAddress), 0);

    public bool Contains(Uri inputAddress) => _names.ContainsKey(NameOf(inputAddress));

    private static string NameOf(Uri address) => address.AbsolutePath.Split('/')[^1];
}
