using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>What people say of a node. The write is idempotent: a duplicate finds the kept answer, or writes the same again.</summary>
internal sealed class UpdateNodeConsumer(
    INodeStore nodes, ICommandResultStore results, NodeChanges changes, IBus bus, TimeProvider time, ILogger<UpdateNodeConsumer> logger) : IConsumer<UpdateNode>
{
    private const string Name = "update-node";

    public async Task Consume(ConsumeContext<UpdateNode> context)
    {
        var cancellation = context.CancellationToken;
        var command = CommandIds.Of(context, context.Message.CommandId);
        var answer = await results.FindAsync(command, cancellation) ?? await DecideAsync(command, context.Message, cancellation);
        Log.CommandAnswered(logger, command, Name, context.Message.NodeId ?? "", answer.Outcome.ToString());
        await bus.Publish(answer.ToEvent(), answer.ToEvent().GetType(), cancellation);
        if (answer.Outcome == CommandOutcome.Accepted)
        {
            await changes.FollowAsync(context.Message.NodeId!, cancellation);
        }
    }

    private async Task<CommandAnswer> DecideAsync(string command, UpdateNode message, CancellationToken cancellation)
    {
        var faults = NodeUpdateRules.Check(message);
        while (true)
        {
            var node = message.NodeId is { Length: > 0 } id ? await nodes.FindAsync(id, cancellation) : null;
            if (node is null || faults.Count > 0)
            {
                return await KeepAsync(Answer(command, CommandOutcome.Rejected) with { Errors = [.. node is null ? [$"there is no node '{message.NodeId}'; see orch node ls"] : Array.Empty<string>(), .. faults] }, cancellation);
            }

            var now = time.GetUtcNow();
            var after = After(node, message, now);
            if (await nodes.TryReplaceAsync(after, cancellation))
            {
                await bus.Publish(NodeEvents.Changed(after with { Version = after.Version + 1 }, now), cancellation);
                return await KeepAsync(Answer(command, CommandOutcome.Accepted) with { Changed = true }, cancellation);
            }
        }
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
        DirtySince = now,
        UpdatedAt = now,
    };

    private async Task<CommandAnswer> KeepAsync(CommandAnswer answer, CancellationToken cancellation)
    {
        await results.AddManyAsync([answer], cancellation);
        SchedulerMetrics.CommandAnswered(answer.Command, answer.Outcome.ToString());
        return answer;
    }

    private CommandAnswer Answer(string command, CommandOutcome outcome) => new()
    {
        CommandId = command,
        Command = Name,
        App = "",
        Outcome = outcome,
        EventId = EventHead.NewId(),
        AnsweredAt = time.GetUtcNow(),
    };
}
