using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>What people say of a node. The write is idempotent: a duplicate finds the kept answer, or writes the same again.</summary>
internal sealed class UpdateNodeConsumer(
    INodeStore nodes, NodeCommandDesk desk, NodeChanges changes, OrphanDesk orphans, IBus bus, TimeProvider time) : IConsumer<UpdateNode>
{
    private const string Name = "update-node";
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromHours(1);

    public Task Consume(ConsumeContext<UpdateNode> context)
    {
        var (message, cancellation) = (context.Message, context.CancellationToken);
        var command = CommandIds.Of(context, message.CommandId);
        return desk.TakeAsync(
            command, Name, message.NodeId, () => DecideAsync(command, message, cancellation), nodeId => changes.FollowAsync(nodeId, cancellation), cancellation);
    }

    private async Task<CommandAnswer> DecideAsync(string command, UpdateNode message, CancellationToken cancellation)
    {
        var faults = NodeUpdateRules.Check(message);
        while (true)
        {
            var node = message.NodeId is { Length: > 0 } id ? await nodes.FindAsync(id, cancellation) : null;
            if (node is null || faults.Count > 0)
            {
                return await desk.RejectAsync(command, Name, [.. node is null ? [NodeCommandDesk.Unknown(message.NodeId)] : Array.Empty<string>(), .. faults], cancellation);
            }

            if (await DecideOrphansAsync(node, message, cancellation) is { Count: > 0 } refusals)
            {
                return await desk.RejectAsync(command, Name, refusals, cancellation);
            }

            var now = time.GetUtcNow();
            node = await nodes.FindAsync(node.Id, cancellation) ?? node;
            var after = After(node, message, now);
            if (await nodes.TryReplaceAsync(after, cancellation))
            {
                await bus.Publish(NodeEvents.Changed(after with { Version = after.Version + 1 }, now), cancellation);
                return await desk.AcceptAsync(command, Name, cancellation);
            }
        }
    }

    /// <returns>What cannot be done.</returns>
    private async Task<IReadOnlyList<string>> DecideOrphansAsync(NodeDocument node, UpdateNode message, CancellationToken cancellation)
    {
        var known = node.Orphans.ToDictionary(orphan => orphan.TaskId);
        var asked = message.AdoptOrphans.Concat(message.StopOrphans).ToList();
        var faults = asked.Where(id => !known.ContainsKey(id)).Select(id => $"there is no orphan '{id}' on node {node.Name}; see orch orphans ls")
            .Concat(message.AdoptOrphans.Intersect(message.StopOrphans).Select(id => $"orphan '{id}' is to be adopted and stopped; write one of both")).ToList();
        if (faults.Count > 0)
        {
            return faults;
        }

        foreach (var id in message.AdoptOrphans)
        {
            if (await orphans.AdoptAsync(node.Id, known[id], cancellation) is { } refusal)
            {
                faults.Add(refusal);
            }
        }

        foreach (var id in message.StopOrphans)
        {
            await orphans.StopAsync(node.Id, known[id], cancellation);
        }

        return faults;
    }

    private static NodeDocument After(NodeDocument node, UpdateNode message, DateTimeOffset now) => node with
    {
        Availability = message.Availability ?? node.Availability,
        Pool = message.Pool is null ? node.Pool : message.Pool.Length == 0 ? null : message.Pool,
        Labels = node.Labels.Where(label => !message.RemoveLabels.Contains(label.Key)).Concat(message.SetLabels)
            .GroupBy(label => label.Key).ToDictionary(label => label.Key, label => label.Last().Value),
        Taints = [.. node.Taints.Where(taint => !message.RemoveTaints.Contains(taint.Key))
            .Where(taint => !message.SetTaints.Any(set => set.Key == taint.Key && set.Effect == taint.Effect))
            .Concat(message.SetTaints.Select(set => set with { Since = node.Taints.FirstOrDefault(taint => taint with { Since = null } == set with { Since = null })?.Since ?? now }))],
        DrainUntil = message.Availability switch
        {
            null => node.DrainUntil,
            NodeAvailability.Drain => now + (message.DrainDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultDeadline),
            _ => null,
        },

        // Whoever says that it takes tasks knows better.
        QuarantinedUntil = message.Availability == NodeAvailability.Active ? null : node.QuarantinedUntil,
        StartFailures = message.Availability == NodeAvailability.Active ? [] : node.StartFailures,
        LostConfirmedAt = message.ConfirmLost ? now : node.LostConfirmedAt,
        DirtySince = now,
        UpdatedAt = now,
    };
}
