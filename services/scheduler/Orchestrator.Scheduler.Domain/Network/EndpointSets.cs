using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Network;

/// <summary>Which tasks connections to a service go to.</summary>
public static class EndpointSets
{
    /// <summary>All that run are members of its networks; those take connections that are ready, routed and wanted, on a node that answers.</summary>
    public static IReadOnlyList<TaskEndpoint> Of(IEnumerable<ReachableTask> tasks) =>
    [
        .. from task in tasks
           where task is { NodeId: not null, Address: not null, NodeLost: false, State: TaskState.Running or TaskState.Stopping }
           orderby task.Slot, task.Id
           select new TaskEndpoint
           {
               TaskId = task.Id,
               Slot = task.Slot,
               NodeId = task.NodeId!,
               Address = task.Address!,
               Takes = task is { State: TaskState.Running, Ready: true, Routed: true, Desired: DesiredState.Run, NodeAnswers: true },
           },
    ];

    /// <summary>The same for the same content, whatever its version.</summary>
    public static string Hash(ServiceEndpoints endpoints) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(endpoints with { Version = 0 })))[..32];
}
