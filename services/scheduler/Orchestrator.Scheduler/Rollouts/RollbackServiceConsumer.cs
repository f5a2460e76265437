using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>Going back is a new revision with an earlier one's spec: numbers only grow, and the rollout is like any other.</summary>
internal sealed class RollbackServiceConsumer(CommandDesk desk, IRevisionStore revisions, IRolloutStore rollouts, TimeProvider time) : IConsumer<RollbackService>
{
    public Task Consume(ConsumeContext<RollbackService> context)
    {
        var message = context.Message;
        var id = CommandIds.Of(context, message.CommandId);
        var command = new AppCommand
        {
            Id = id,
            Name = "rollback-service",
            App = message.App ?? "",
            Order = message.Order,
            RequestedBy = message.RequestedBy,
            Faults = [.. SpecValidator.CheckAppName(message.App)],
            NewestOrder = app => Math.Max(app.LastOrder, app.Wanted.GetValueOrDefault(message.Service ?? "")?.RollbackOrder ?? 0),
            DecideAsync = (app, order, cancellation) => DecideAsync(message, id, app, order, cancellation),
        };
        return desk.TakeAsync(command, context.CancellationToken);
    }

    private async Task<AppDecision> DecideAsync(RollbackService message, string commandId, AppDocument? app, long order, CancellationToken cancellation)
    {
        var place = $"{message.App}/{message.Service}";
        if (app is null || message.Service is null || !app.Wanted.TryGetValue(message.Service, out var now))
        {
            return AppDecision.Refuse($"{place}: there is no such service; see orch service ls");
        }

        if (message.FailedRevision is { } failed && failed != now.Revision)
        {
            return AppDecision.Refuse($"{place}: revision {failed} is not the present one any more, {now.Revision} is");
        }

        var kept = await revisions.ListAsync(now.ServiceId, cancellation);
        var present = kept.Single(revision => revision.Number == now.Revision);
        var (target, refusal) = RollbackTarget.Choose(present, kept, await StableAsync(now.ServiceId, cancellation), message.ToRevision);
        if (target is null)
        {
            return AppDecision.Refuse($"{place}: {refusal}");
        }

        // Of the scheduler's own accord: what people sent before it is not superseded by it.
        var ownAccord = message.FailedRevision is not null;
        var next = now with { Revision = now.Revision + 1, RollbackOrder = ownAccord ? now.RollbackOrder : order };
        return new AppDecision
        {
            Changed = true,
            Wanted = new Dictionary<string, WantedService>(app.Wanted) { [message.Service] = next },
            NewRevisions =
            [
                target with
                {
                    Number = next.Revision,
                    RollbackTo = target.Number,
                    FailedRevision = message.FailedRevision,
                    RequestedBy = message.RequestedBy,
                    CommandId = commandId,
                    CreatedAt = time.GetUtcNow(),
                },
            ],
        };
    }

    private async Task<IReadOnlySet<int>> StableAsync(string serviceId, CancellationToken cancellation) =>
        (await rollouts.ListAsync(serviceId, cancellation)).Where(rollout => rollout.State == RolloutState.Completed).Select(rollout => rollout.ToRevision).ToHashSet();
}
