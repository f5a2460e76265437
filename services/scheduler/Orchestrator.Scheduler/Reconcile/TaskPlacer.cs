using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Makes of a plan the documents to store: those that need a node are given one, as far as there is room.</summary>
internal sealed class TaskPlacer(PlacementDesk placement, GroupTemplates groups, VolumeHomes volumes, Nominees nominees, IOptions<SchedulerOptions> options)
{
    public async Task<ServiceChanges> DraftAsync(ServiceInput input, ReconcilePlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        await volumes.KeepAsync(input, input.Revision, cancellation);
        if (input.Kept is { } kept)
        {
            await volumes.KeepAsync(input, kept, cancellation);
        }

        var stops = plan.Stop.ToDictionary(stop => stop.Id, stop => stop.Reason);
        var adopts = plan.Adopt.ToHashSet();
        var waiting = input.Tasks
            .Where(task => task is { State: TaskState.Pending, Desired: DesiredState.Run } && !stops.ContainsKey(task.Id)
                && (task.TemplateHash == input.Revision.TemplateHash || task.TemplateHash == input.Kept?.TemplateHash))
            .ToList();
        var placed = await PlaceAllAsync(input, plan.Create, waiting, now, cancellation);
        var created = plan.Create.Where(task => !placed.Given.Contains(task.Id)).Select(task => Assign(TaskDrafts.New(input, task, now), placed, now)).ToList();
        var replaced = waiting
            .Select(task => (Before: task, After: Assign(task, placed, now)))
            .Where(pair => pair.Before != pair.After)
            .Select(pair => pair.After)
            .Concat(input.Tasks.Where(task => stops.ContainsKey(task.Id)).Select(task => TaskDrafts.Stop(task, stops[task.Id], now, options.Value.InstructAgainAfter)))
            .Concat(input.Tasks.Where(task => adopts.Contains(task.Id)).Select(task => TaskDrafts.Adopt(task, now, options.Value.InstructAgainAfter)))
            .Concat(input.Tasks.Where(task => task.Move is not null && placed.GivenUpMoves.Contains(task.Slot) && !stops.ContainsKey(task.Id)).Select(task => task with { Move = null, UpdatedAt = now }))
            .ToList();
        return new ServiceChanges { Created = created, Replaced = replaced, Reasons = placed.Reasons, Waiting = placed.Waiting, NextAt = placed.NextAt, Victims = placed.Victims };
    }

    /// <summary>Tasks of the kept revision ask for what that one asks for.</summary>
    private async Task<Placed> PlaceAllAsync(ServiceInput input, IReadOnlyList<NewTask> create, IReadOnlyList<TaskDocument> waiting, DateTimeOffset now, CancellationToken cancellation)
    {
        if (create.Count + waiting.Count == 0)
        {
            return Placed.Nothing;
        }

        if (input.Kept is not { } kept)
        {
            return await PlaceAsync(input, create, waiting, now, cancellation);
        }

        var wanted = await PlaceAsync(
            input, [.. create.Where(task => task.Revision != kept.Number)], [.. waiting.Where(task => task.TemplateHash != kept.TemplateHash)], now, cancellation);
        var old = await PlaceAsync(
            input with { Revision = kept }, [.. create.Where(task => task.Revision == kept.Number)], [.. waiting.Where(task => task.TemplateHash == kept.TemplateHash)], now, cancellation);
        return wanted.With(old);
    }

    private async Task<Placed> PlaceAsync(ServiceInput input, IReadOnlyList<NewTask> create, IReadOnlyList<TaskDocument> waiting, DateTimeOffset now, CancellationToken cancellation)
    {
        if (create.Count + waiting.Count == 0)
        {
            return Placed.Nothing;
        }

        var (group, voidAt) = await volumes.BindAsync(input, await groups.ForPlacingAsync(input, now, cancellation), cancellation);
        var taken = await nominees.FollowAsync(input, group, [.. waiting.Where(task => task.Nomination is not null)], now, cancellation);
        var bound = create.Where(task => task.NodeId is not null).Select(task => (task.Id, NodeId: task.NodeId!))
            .Concat(waiting.Where(task => task.BoundNodeId is not null).Select(task => (task.Id, NodeId: task.BoundNodeId!)))
            .ToDictionary(task => task.Id, task => task.NodeId);
        var free = create.Where(task => task.NodeId is null).Select(task => task.Id)
            .Concat(waiting.Where(task => task.BoundNodeId is null && !taken.IsHeld(task.Id)).Select(task => task.Id)).ToList();
        var there = await placement.PlaceBoundAsync(group, bound, cancellation);

        // While some wait for others to leave, no more are asked to: the room they make may do.
        var found = await placement.PlaceAsync(taken.Waits ? group with { Preemption = PreemptionMode.Off } : group, free, cancellation);
        var givenUp = input.Revision.Spec.Mode == ServiceMode.Global ? [] : create.Where(task => task.NodeId is not null && !there.NodeOf.ContainsKey(task.Id)).ToList();
        var boundReasons = givenUp.Count > 0 ? [] : there.Reasons;
        return new Placed
        {
            NodeOf = found.NodeOf.Concat(there.NodeOf).Concat(taken.NodeOf).ToDictionary(),
            Explanations = found.Explanations,
            Notes = taken.Notes.Concat(there.NodeOf.Keys.Select(id => KeyValuePair.Create(id, WhyBound(input, create, id)))).ToDictionary(),
            Nominations = found.Nominations.Concat(taken.Held).ToDictionary(),
            Reasons = [.. boundReasons, .. found.Reasons, .. taken.Reasons],
            Waiting = found.Waiting ?? (boundReasons.Count > 0 ? there.Waiting : null),
            NextAt = voidAt,
            Victims = taken.Victims,
            Given = givenUp.Select(task => task.Id).ToHashSet(),
            GivenUpMoves = givenUp.Select(task => task.Slot).ToHashSet(),
        };
    }

    /// <summary>Such a task had no choice: what there was to decide was decided before.</summary>
    private static string WhyBound(ServiceInput input, IReadOnlyList<NewTask> create, string taskId)
    {
        var slot = create.Where(task => task.Id == taskId).Select(task => task.Slot).Concat(input.Tasks.Where(task => task.Id == taskId).Select(task => task.Slot)).First();
        return input.Revision.Spec.Mode == ServiceMode.Global
            ? "a global service has one task on each node that takes it"
            : input.Tasks.FirstOrDefault(task => task.Slot == slot && task.Move is not null)?.Move?.Reason ?? "it was moved here";
    }

    private TaskDocument Assign(TaskDocument task, Placed placed, DateTimeOffset now)
    {
        if (placed.NodeOf.TryGetValue(task.Id, out var nodeId))
        {
            var note = placed.Notes.GetValueOrDefault(task.Id);
            return TaskDrafts.Assign(task, nodeId, now, options.Value.InstructAgainAfter) with
            {
                Nomination = null,
                Explanation = Placement.Explanations.Of(placed.Explanations.GetValueOrDefault(task.Id) ?? (note is null ? null : new Explanation { NodesLookedAt = 1 }), now, note),
            };
        }

        var nomination = placed.Nominations.GetValueOrDefault(task.Id);
        var message = nomination is not null ? "waits for others to leave: " + nomination.Reason
            : placed.Reasons.Count > 0 ? "no node takes it: " + string.Join("; ", placed.Reasons)
            : null;
        return task.Message == message && ReferenceEquals(task.Nomination, nomination) ? task : task with { Message = message, Nomination = nomination };
    }

    private sealed record Placed
    {
        public static readonly Placed Nothing = new();

        public IReadOnlyDictionary<string, string> NodeOf { get; init; } = new Dictionary<string, string>();
        public IReadOnlyDictionary<string, Explanation> Explanations { get; init; } = new Dictionary<string, Explanation>();
        public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();
        public IReadOnlyDictionary<string, TaskNomination> Nominations { get; init; } = new Dictionary<string, TaskNomination>();
        public IReadOnlyList<string> Reasons { get; init; } = [];
        public Explanation? Waiting { get; init; }
        public DateTimeOffset? NextAt { get; init; }
        public IReadOnlyList<TaskDocument> Victims { get; init; } = [];
        public IReadOnlySet<string> Given { get; init; } = new HashSet<string>();
        public IReadOnlySet<int> GivenUpMoves { get; init; } = new HashSet<int>();

        public Placed With(Placed other) => new()
        {
            NodeOf = NodeOf.Concat(other.NodeOf).ToDictionary(),
            Explanations = Explanations.Concat(other.Explanations).ToDictionary(),
            Notes = Notes.Concat(other.Notes).ToDictionary(),
            Nominations = Nominations.Concat(other.Nominations).ToDictionary(),
            Reasons = [.. Reasons.Union(other.Reasons)],
            Waiting = Waiting ?? other.Waiting,
            NextAt = NextAt is null || other.NextAt < NextAt ? other.NextAt ?? NextAt : NextAt,
            Victims = [.. Victims, .. other.Victims],
            Given = Given.Union(other.Given).ToHashSet(),
            GivenUpMoves = GivenUpMoves.Union(other.GivenUpMoves).ToHashSet(),
        };
    }
}
