using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Constraints;
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
        TimeSpan? ran = null,
        TimeSpan? readyFor = null) => new()
    {
        Id = $"{slot}-{attempt}",
        Slot = slot,
        Attempt = attempt,
        Revision = revision ?? (hash == Wanted ? 2 : 1),
        TemplateHash = hash,
        State = state,
        Ready = ready ?? state == TaskState.Running,
        Desired = desired,
        ReadySince = readyFor is { } lasted ? Now - (ended ?? TimeSpan.Zero) - lasted : null,
        CreatedAt = Now - TimeSpan.FromHours(1) + TimeSpan.FromSeconds(attempt),
        RunningAt = ran is { } run ? Now - (ended ?? TimeSpan.Zero) - run : null,
        FinishedAt = state.IsFinal() ? Now - (ended ?? TimeSpan.Zero) : null,
    };

    public static NodeSnapshot Node(string id, double cpus = 4, long memory = 8L << 30, params (string Key, string Value)[] labels) => new()
    {
        Id = id,
        Name = id,
        Cpus = cpus,
        MemoryBytes = memory,
        Labels = labels.ToDictionary(label => label.Key, label => label.Value),
    };

    public static Claim Claim(string service = "web", double cpus = 0, long memory = 0, int priority = 50, params int[] ports) => new()
    {
        Service = service,
        Demand = new Demand(cpus, memory),
        Priority = priority,
        Ports = [.. ports.Select(port => new HostPort(port, PortProtocol.Tcp))],
    };

    public static TaskGroup Group(string service = "web", double cpus = 0, long memory = 0, int priority = 50, params int[] ports) =>
        new() { Claim = Claim(service, cpus, memory, priority, ports) };

    public static Constraint Constraint(string text) => ConstraintParser.Parse(text) is { Constraint: { } constraint } ? constraint : throw new ArgumentException(text);

    public static NodeAttribute Attribute(string text) => NodeAttribute.Parse(text)!;

    /// <summary>With tasks named as in <c>("n1", "web.1", claim)</c>.</summary>
    public static Cluster Cluster(IEnumerable<NodeSnapshot> nodes, params (string Node, string Task, Claim Claim)[] tasks)
    {
        var cluster = new Cluster(nodes);
        foreach (var (node, task, claim) in tasks)
        {
            cluster.Add(node, task, claim);
        }

        return cluster;
    }
}
