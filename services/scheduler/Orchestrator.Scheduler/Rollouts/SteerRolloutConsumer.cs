using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Domain.Rollouts;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>A person's wish about a service's newest rollout: refused here, or handed to the rollout, which answers it.</summary>
internal sealed class SteerRolloutConsumer(
    IAppStore apps, IRolloutStore rollouts, ICommandResultStore results, AppFollower follower, TimeProvider time) : IConsumer<SteerRollout>
{
    public const string Name = "steer-rollout";

    public static string Refuse(RolloutDocument rollout, string refusal) => $"rollout of {rollout.App}/{rollout.Service} to revision {rollout.ToRevision}: {refusal}";

    public async Task Consume(ConsumeContext<SteerRollout> context)
    {
        var (message, cancellation) = (context.Message, context.CancellationToken);
        var id = CommandIds.Of(context, message.CommandId);
        if (await results.FindAsync(id, cancellation) is { } earlier)
        {
            await follower.TellAsync([earlier], cancellation);
            return;
        }

        var rollout = await FindAsync(message, cancellation);
        var refusal = message.Action is not { } action ? "action: it is missing; write Pause, Resume, Promote, Abort or Retry"
            : rollout is null ? $"{message.App}/{message.Service}: there is no such service, or no rollout of it; see orch rollout ls"
            : rollout.Obeyed.Contains(id) ? null
            : RolloutSteering.Refusal(rollout.State, action) is { } reason ? Refuse(rollout, reason) : null;
        if (refusal is null)
        {
            await context.Publish(
                new RolloutSteered { RolloutId = rollout!.Id, Action = message.Action!.Value, CommandId = id, RequestedBy = message.RequestedBy, AskedAt = time.GetUtcNow() },
                cancellation);
            return;
        }

        var answer = new CommandAnswer
        {
            CommandId = id,
            Command = Name,
            App = message.App ?? "",
            Outcome = CommandOutcome.Rejected,
            Errors = [refusal],
            EventId = EventHead.NewId(),
            AnsweredAt = time.GetUtcNow(),
        };
        await results.AddManyAsync([answer], cancellation);
        await follower.TellAsync([answer], cancellation);
    }

    private async Task<RolloutDocument?> FindAsync(SteerRollout message, CancellationToken cancellation) =>
        message.App is not null && message.Service is not null
        && await apps.FindAsync(message.App, cancellation) is { } app
        && app.Wanted.TryGetValue(message.Service, out var wanted)
            ? await rollouts.FindAsync(RolloutIds.Of(wanted.ServiceId, wanted.Revision), cancellation)
            : null;
}
