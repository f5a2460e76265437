using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Tasks;
using Orchestrator.NodeAgent.Posts;

namespace Orchestrator.NodeAgent.Tasks;

/// <summary>All the agent knows of one task. Work on it runs one piece after another; different tasks do not wait for each other.</summary>
internal sealed class TaskEntry(string id, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task _tail = Task.CompletedTask;

    public string Id { get; } = id;

    /// <summary>The newest instruction; null for a container that none names. Kept after the end: it keeps late ones out.</summary>
    public NodeTask? Wanted { get; set; }

    /// <summary>Outlives an instruction to stop, which brings none.</summary>
    public TaskSpec? Spec { get; set; }

    public FoundContainer? Container { get; set; }
    public TaskState State { get; set; } = TaskState.Preparing;
    public HealthState Health { get; set; }
    public string? Message { get; set; }

    /// <summary>The kernel killed it for memory, or a process of it that it outlived.</summary>
    public bool KilledForMemory { get; set; }

    public IReadOnlyList<string> LastLines { get; set; } = [];

    /// <summary>The scheduler knows that it ended, or it was stopped for a reason that no successor would cure.</summary>
    public bool NeedsNoSuccessor { get; set; }

    /// <summary>The container ran before this agent did.</summary>
    public bool TakenOver { get; set; }

    /// <summary>Its startup and readiness probes passed, or there are none.</summary>
    public bool ProbesPass { get; set; } = true;

    /// <summary>What the application says of itself.</summary>
    public PostBox Posts { get; } = new(time);

    public int? ExitCode { get; set; }
    public IReadOnlyList<TaskPort> IngressPorts { get; set; } = [];
    public TimeSpan? EngineTime { get; set; }
    public DateTimeOffset? RunningAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Ends a fetch of an image that nobody waits for any more.</summary>
    public CancellationTokenSource Starting { get; } = new();

    public ContainerPhase Phase => Container?.Phase ?? ContainerPhase.Absent;

    /// <summary>Why a published port is not served; null when all are.</summary>
    public string? PortProblem { get; set; }

    /// <summary>It can answer on the ports that are served.</summary>
    public bool IsHealthy => State == TaskState.Running && Health is (HealthState.None or HealthState.Healthy) && ProbesPass;

    public bool IsReady => IsHealthy && PortProblem is null;

    public (string App, string Service, int Slot)? Place =>
        Spec is { } spec ? (spec.App, spec.Service, spec.Slot)
        : Container is { } container ? (container.Identity.App, container.Identity.Service, container.Identity.Slot)
        : null;

    /// <summary>Runs the work after all that was asked of this task before.</summary>
    public Task EnqueueAsync(Func<Task> work)
    {
        lock (_gate)
        {
            _tail = RunAsync(_tail, work);
            return _tail;
        }

        static async Task RunAsync(Task before, Func<Task> work)
        {
            // Work catches what it can fail with; the chain goes on in any case.
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            await work();
        }
    }

    public TaskReport Report() => new()
    {
        TaskId = Id,
        Version = Wanted?.Version ?? 0,
        AgentEpoch = 0,
        Seq = 0,
        State = State,
        Ready = IsReady,
        Health = Health,
        Message = PortProblem ?? Message,
        ExitCode = ExitCode,
        OutOfMemory = KilledForMemory && State == TaskState.Failed,
        LastLines = LastLines,
        ContainerId = Container?.Id,
        Address = Container is { InCluster: true } ? Container.Address : null,
        Ports = [.. IngressPorts, .. Container?.HostPorts ?? []],
        RunningAt = RunningAt,
        FinishedAt = FinishedAt,
        EngineSeconds = EngineTime?.TotalSeconds,
        Replaces = Spec?.Replaces ?? Container?.Identity.Replaces,
        Unknown = Wanted is null or { Version: 0 } ? Container?.Identity : null,
    };
}
