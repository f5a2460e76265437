using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Reconcile;

namespace Orchestrator.Scheduler.Domain.Tests;

/// <summary>Builds what decisions look at: <c>A.Task(slot: 2, ready: true)</c>.</summary>
internal static class A
{
    public const string Wanted = "hash-new";
    public const string Old = "hash-old";
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ServiceSnapshot Service(int replicas = 1, int revision = 2) => new()
    {
        Id = "service",
        Revision = revision,
        TemplateHash = Wanted,
        Replicas = replicas,
    };

    public static TaskSnapshot Task(
        int slot = 1,
        int attempt = 1,
        TaskState state = TaskState.Running,
        bool? ready = null,
        string hash = Wanted,
        int? revision = null,
        DesiredState desired = DesiredState.Run,
        TimeSpan? ended = null,
        TimeSpan? ran = null) => new()
    {
        Id = $"{slot}-{attempt}",
        Slot = slot,
        Attempt = attempt,
        Revision = revision ?? (hash == Wanted ? 2 : 1),
        TemplateHash = hash,
        State = state,
        Ready = ready ?? state == TaskState.Running,
        Desired = desired,
        CreatedAt = Now - TimeSpan.FromHours(1) + TimeSpan.FromSeconds(attempt),
        RunningAt = ran is { } run ? Now - (ended ?? TimeSpan.Zero) - run : null,
        FinishedAt = state.IsFinal() ? Now - (ended ?? TimeSpan.Zero) : null,
    };

    public static NodeSnapshot Node(string id, double cpus = 4, long memory = 8L << 30, double usedCpus = 0, long usedMemory = 0) => new()
    {
        Id = id,
        Name = id,
        Cpus = cpus,
        MemoryBytes = memory,
        ReservedCpus = usedCpus,
        ReservedMemoryBytes = usedMemory,
    };
}
