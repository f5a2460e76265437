using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>Scenes with several nodes: instructions are taken by what they ask for, whatever node they go to.</summary>
public abstract class SchedulerScenes : IAsyncLifetime
{
    private readonly HashSet<(string TaskId, long Version)> _seen = [];

    protected SchedulerHarness Scheduler { get; } = new();

    /// <summary>Instructions that came and were not asked for yet.</summary>
    protected List<(string Node, NodeTask Task)> Told { get; } = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static ServiceSpec With(PlacementSpec placement, int replicas = 1, double? cpus = null) => SchedulerHarness.Web(replicas: replicas, cpus: cpus) with { Placement = placement };

    protected async Task StartAsync(params string[] nodes)
    {
        await Scheduler.InitializeAsync();
        foreach (var node in nodes)
        {
            await Scheduler.JoinAsync(node);
        }
    }

    protected async Task UpdateAsync(string commandId, string nodeId, Func<UpdateNode, UpdateNode> change) =>
        Assert.IsType<CommandAccepted>(await Scheduler.AskAsync(change(new UpdateNode { CommandId = commandId, NodeId = nodeId })));

    protected async Task RunningAsync(params (string Node, NodeTask Task)[] tasks)
    {
        foreach (var (node, task) in tasks)
        {
            await Scheduler.SendAsync(node, Scheduler.Report(task, TaskState.Running));
            await Scheduler.EventAsync<TasksChanged>(changed => changed.Tasks.Any(change => change.TaskId == task.TaskId && change.State == TaskState.Running));
        }
    }

    /// <summary>The next instruction of the kind; others wait to be asked for. What is told again is left out.</summary>
    protected async Task<(string Node, NodeTask Task)> NextAsync(DesiredState desired)
    {
        while (!Told.Exists(told => told.Task.Desired == desired))
        {
            Take(await Scheduler.InstructionAsync());
        }

        var next = Told.First(told => told.Task.Desired == desired);
        Told.Remove(next);
        return next;
    }

    protected async Task<(string Node, NodeTask Task)> AdvanceUntilAsync(DesiredState desired, TimeSpan most)
    {
        await AdvanceUntilAsync(
            () => Told.Exists(told => told.Task.Desired == desired) || Scheduler.InstructionsNotTaken().Any(message => message.Tasks.Any(task => task.Desired == desired && IsNew(task))), most);
        return await NextAsync(desired);
    }

    /// <summary>Lets time pass, second by second.</summary>
    protected async Task AdvanceUntilAsync(Func<bool> good, TimeSpan most)
    {
        for (var moved = TimeSpan.Zero; moved < most && !good(); moved += TimeSpan.FromSeconds(1))
        {
            Scheduler.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Lets the agents do what they are told, and time pass, until what is stored is so.</summary>
    protected Task<IReadOnlyList<TaskDocument>> ServedUntilAsync(Func<IReadOnlyList<TaskDocument>, bool> good) => SchedulerHarness.UntilAsync(
        async () =>
        {
            foreach (var told in Scheduler.InstructionsNotTaken())
            {
                await Scheduler.InstructionAsync(message => message == told);
                await Scheduler.SendAsync(told.NodeId, [.. told.Tasks.Select(task => Scheduler.Report(task, task.Desired == DesiredState.Run ? TaskState.Running : TaskState.Stopped))]);
            }

            Scheduler.Time.Advance(TimeSpan.FromMilliseconds(100));
            return await AllTasksAsync();
        },
        good);

    protected static bool Serves(TaskDocument task) => task is { Ready: true, State: TaskState.Running, Desired: DesiredState.Run };

    private bool IsNew(NodeTask task) => !_seen.Contains((task.TaskId, task.Version));

    private void Take(UpdateNodeTasks message) => Told.AddRange(message.Tasks.Where(task => _seen.Add((task.TaskId, task.Version))).Select(task => (message.NodeId, task)));

    protected async Task<TaskDocument> TaskAsync(string id) => (await Scheduler.Store<ITaskStore>().FindAsync(id, CancellationToken.None))!;

    protected Task<IReadOnlyList<TaskDocument>> AllTasksAsync() => Scheduler.Store<ITaskStore>().ListAsync(null, null, CancellationToken.None);

    protected async Task<NodeDocument> NodeAsync(string id) => (await Scheduler.Store<INodeStore>().FindAsync(id, CancellationToken.None))!;

    protected async Task<double> ReservedAsync(string id) => (await NodeAsync(id)).Reservations.Values.Sum(reservation => reservation.Cpus);
}
