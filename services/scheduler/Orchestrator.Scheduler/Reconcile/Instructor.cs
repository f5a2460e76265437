using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Network;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Tells nodes what is wanted of their tasks: one message per node.</summary>
internal sealed class Instructor(RevisionCache revisions, IBus bus)
{
    public async Task InstructAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation)
    {
        var placed = tasks.Where(task => task.NodeId is not null).ToList();
        if (placed.Count == 0)
        {
            return;
        }

        var nodeTasks = await NodeTasksAsync(placed, cancellation);
        await bus.SendManyAsync(
            [.. placed.Zip(nodeTasks).GroupBy(pair => pair.First.NodeId!).Select(group => (
                NodeQueue.Address(group.Key),
                new UpdateNodeTasks { NodeId = group.Key, Tasks = [.. group.Select(pair => pair.Second)] }))],
            cancellation);
    }

    /// <summary>The full set: all that is stored of the node and not final.</summary>
    public async Task SynchroniseAsync(string nodeId, IReadOnlyList<TaskDocument> tasks, DateTimeOffset asOf, double? heartbeatSeconds, CancellationToken cancellation)
    {
        var message = new UpdateNodeTasks { NodeId = nodeId, AsOf = asOf, HeartbeatSeconds = heartbeatSeconds, Tasks = await NodeTasksAsync(tasks, cancellation) };
        await bus.SendManyAsync([(NodeQueue.Address(nodeId), message)], cancellation);
    }

    private async Task<IReadOnlyList<NodeTask>> NodeTasksAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation)
    {
        var keys = tasks.Where(task => task.Desired == DesiredState.Run).Select(task => (task.ServiceId, task.Revision)).Distinct().ToList();
        var known = await revisions.FindManyAsync(keys, cancellation);
        return [.. tasks.Select(task => new NodeTask
        {
            TaskId = task.Id,
            Version = task.InstructionVersion,
            Desired = task.Desired,
            Routed = task.Routed,
            AwaitsDrain = EndpointMessages.AwaitsDrain(task),
            Observed = task.State,
            Ready = task.Ready,
            Spec = task.Desired == DesiredState.Run && known.TryGetValue((task.ServiceId, task.Revision), out var revision)
                ? SpecOf(task, revision.Spec)
                : null,
        })];
    }

    private static TaskSpec SpecOf(TaskDocument task, ServiceSpec spec) => new()
    {
        App = task.App,
        Service = task.Service,
        ServiceId = task.ServiceId,
        Slot = task.Slot,
        Revision = task.Revision,
        Container = spec.Container,
        Ports = spec.Ports,
        Network = spec.Network,
        Resources = spec.Resources,
        Restart = spec.Restart,
        Priority = spec.Priority,
        Probes = spec.Probes,
        Disconnect = spec.Disconnect,
    };
}
