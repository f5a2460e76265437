using System.Globalization;
using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Posts;

/// <summary>Passes on to the nodes what applications post of their tasks over the bus, and tells what cannot be taken.</summary>
internal sealed class TaskPostDesk(ITaskStore tasks, IRevisionStore revisions, IBus bus, BusOptions options, TimeProvider time)
{
    /// <summary>What is older says nothing of now.</summary>
    public static readonly TimeSpan Worth = TimeSpan.FromSeconds(10);
    private const string Command = "post-task-health";
    private static readonly string TooMany = string.Create(
        CultureInfo.InvariantCulture, $"more than {PostBudget.PerSecond} posts of the task in a second; post when something changes, and each few seconds");
    private readonly PostBudgets _posts = new(time);
    private readonly PostBudgets _rejections = new(time);

    public async Task TakeAsync(IReadOnlyList<ReceivedPost> posts, CancellationToken cancellation)
    {
        var ids = posts.Select(post => post.Message.TaskId).OfType<string>().Distinct().ToList();
        var known = (await tasks.FindManyAsync(ids, cancellation)).ToDictionary(task => task.Id);
        var probes = (await revisions.FindManyAsync([.. known.Values.Select(task => (task.ServiceId, task.Revision)).Distinct()], cancellation))
            .ToDictionary(revision => (revision.ServiceId, revision.Number), revision => revision.Spec.Probes);
        var (taken, rejected) = (new List<(string NodeId, TaskPost Post)>(), new List<CommandRejected>());
        foreach (var post in posts)
        {
            var task = known.GetValueOrDefault(post.Message.TaskId ?? "");
            var (health, faults) = Judge(post, task, probes);
            if (faults.Count == 0)
            {
                taken.Add((task!.NodeId!, new TaskPost { TaskId = task.Id, Order = post.Message.Order, Health = health }));
            }
            else if (_rejections.TryUse(post.Sender ?? ""))
            {
                rejected.Add(Rejection(post, task, faults));
            }
        }

        await Task.WhenAll(taken.GroupBy(post => post.NodeId, post => post.Post).Select(node => PassOnAsync(node.Key, [.. node], cancellation)));
        await bus.PublishManyAsync(rejected, cancellation);
    }

    private (HealthPost Health, IReadOnlyList<string> Faults) Judge(
        ReceivedPost post, TaskDocument? task, Dictionary<(string ServiceId, int Number), ProbesSpec?> probes)
    {
        var (health, faults) = PostRules.Read(post);
        var unasked = task is not null && probes.TryGetValue((task.ServiceId, task.Revision), out var asked) ? HealthPosts.Unasked(health, asked) : [];
        IReadOnlyList<string> all =
        [
            .. options.User is null ? [] : PostRules.OfSender(post.Sender, task?.App), // In memory nobody but this process sends.
            .. PostRules.OfTask(post.Message.TaskId, task),
            .. faults,
            .. unasked.Select(fault => "health: " + fault),
        ];
        return (health, all.Count > 0 || _posts.TryUse(task!.Id) ? all : [TooMany]);
    }

    private async Task PassOnAsync(string nodeId, IReadOnlyList<TaskPost> posts, CancellationToken cancellation)
    {
        var node = await bus.GetSendEndpoint(NodeQueue.Address(nodeId));
        await node.Send(
            new TakeTaskPosts { NodeId = nodeId, Posts = posts },
            sending =>
            {
                sending.Durable = false;
                sending.TimeToLive = Worth;
            },
            cancellation);
    }

    private CommandRejected Rejection(ReceivedPost post, TaskDocument? task, IReadOnlyList<string> faults) => new()
    {
        EventId = NewId.NextGuid().ToString("N"),
        OccurredAt = time.GetUtcNow(),
        App = task?.App,
        Service = task?.Service,
        TaskId = task?.Id,
        NodeId = task?.NodeId,
        Command = Command,
        Errors = faults,
    };
}
