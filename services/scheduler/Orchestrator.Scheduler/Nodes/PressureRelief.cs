using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>A node that is very short of memory names the task that is to leave; its service replaces it elsewhere like any that may not stay.</summary>
internal sealed class PressureRelief(ITaskStore tasks, IBus bus, TimeProvider time, ILogger<PressureRelief> logger)
{
    public async Task FollowAsync(NodeDocument node, CancellationToken cancellation)
    {
        if (node.Pressure?.Leaving is not { } taskId || await tasks.FindAsync(taskId, cancellation) is not { Desired: DesiredState.Run, Move: null, BoundNodeId: null } task
            || task.NodeId != node.Id || task.State.IsFinal())
        {
            return;
        }

        var now = time.GetUtcNow();
        var leaves = task with { Move = new TaskMove(null, now, "its node is short of memory, and it uses more than is reserved for it"), DirtySince = now, UpdatedAt = now };
        if ((await tasks.ReplaceManyAsync([leaves], cancellation)).Count == 0)
        {
            Log.TaskLeaves(logger, taskId, node.Id);
            await bus.Publish(new ServiceChanged { ServiceId = task.ServiceId }, cancellation);
        }
    }
}
