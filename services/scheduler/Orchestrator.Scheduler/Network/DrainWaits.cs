using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Network;

/// <summary>
/// Tasks that are to stop when all nodes have taken them out of routing. In memory alone: an agent that hears nothing stops
/// its task after its own limit.
/// </summary>
internal sealed class DrainWaits(IBus bus, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly List<Wait> _waits = [];

    public void Expect(string serviceId, long version, IReadOnlyCollection<string> nodeIds, IReadOnlyList<TaskDocument> stopping)
    {
        lock (_gate)
        {
            _waits.RemoveAll(wait => wait.Since + KeptFor < time.GetUtcNow());
            if (stopping.Count > 0)
            {
                _waits.Add(new Wait(serviceId, version, [.. nodeIds], stopping, time.GetUtcNow()));
            }
        }
    }

    public Task AppliedAsync(string nodeId, IReadOnlyDictionary<string, long> services, CancellationToken cancellation)
    {
        List<Wait> over;
        lock (_gate)
        {
            foreach (var wait in _waits.Where(wait => services.TryGetValue(wait.ServiceId, out var version) && version >= wait.Version))
            {
                wait.Nodes.Remove(nodeId);
            }

            over = [.. _waits.Where(wait => wait.Nodes.Count == 0)];
            _waits.RemoveAll(over.Contains);
        }

        return FinishAsync([.. over.SelectMany(wait => wait.Tasks)], cancellation);
    }

    public Task FinishAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) => bus.SendManyAsync(
        [.. tasks.GroupBy(task => task.NodeId!).Select(group => (NodeQueue.Address(group.Key), new FinishDrain { NodeId = group.Key, TaskIds = [.. group.Select(task => task.Id)] }))], cancellation);

    private sealed record Wait(string ServiceId, long Version, HashSet<string> Nodes, IReadOnlyList<TaskDocument> Tasks, DateTimeOffset Since);
}
