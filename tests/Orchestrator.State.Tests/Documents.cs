using Orchestrator.Contracts;

namespace Orchestrator.State.Tests;

/// <summary>Documents with every field that a store looks at.</summary>
internal static class Documents
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static AppDocument App(string id, DateTimeOffset? dirtySince = null) => new()
    {
        Id = id,
        DirtySince = dirtySince,
        LastOrder = 7,
        Wanted = new Dictionary<string, WantedService> { ["web"] = new() { ServiceId = "s1", Revision = 2, Replicas = 3 } },
        Volumes = new Dictionary<string, AppVolume> { ["data.v1"] = new() { NodeId = "n1", HasData = true, Since = Now } },
        Outbox = [Answer("c1")],
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static CommandAnswer Answer(string commandId) => new()
    {
        CommandId = commandId,
        Command = "deploy-app",
        App = "shop",
        Outcome = CommandOutcome.Accepted,
        Revisions = new Dictionary<string, int> { ["web"] = 2 },
        EventId = "e-" + commandId,
        AnsweredAt = Now,
    };

    public static ServiceDocument Service(string id, string app = "shop", string name = "web", DateTimeOffset? dirtySince = null, DateTimeOffset? dueAt = null, params string[] reasons) => new()
    {
        Id = id, App = app, Name = name, Revision = 1, Replicas = 2, DirtySince = dirtySince, DueAt = dueAt, UnschedulableReasons = reasons, Network = new ServiceNetworkDocument { Vip = "10.143.0.1", Version = 3, Told = "h" }, CreatedAt = Now, UpdatedAt = Now,
    };

    public static TaskDocument Task(string id, string serviceId = "s1", int slot = 1, string? node = "n1", TaskState state = TaskState.Running, DateTimeOffset? dirtySince = null, DateTimeOffset? instructDueAt = null) => new()
    {
        Id = id, App = "shop", Service = "web", ServiceId = serviceId, Slot = slot, Revision = 1, TemplateHash = "h", Attempt = 1, Image = "web:1", NodeId = node, State = state,
        DirtySince = dirtySince, InstructDueAt = instructDueAt, Address = "10.128.1.2", Ports = [new TaskPort { Target = 80, Published = 8080, Protocol = PortProtocol.Tcp, Mode = PortMode.Ingress }], CreatedAt = Now, UpdatedAt = Now,
    };

    public static NodeDocument Node(string id) => new()
    {
        Id = id, Name = "name-" + id, Capacity = new NodeCapacity { Cpus = 4, MemoryBytes = 1000 }, Platform = new NodePlatform { Os = "linux", Architecture = "x86_64" },
        Engine = new EngineInfo { Version = "20.10", ApiVersion = "1.41" }, Labels = new Dictionary<string, string> { ["zone"] = "a" }, Network = new NodeNetworkDocument { Subnet = "10.128.1.0/24", Problems = ["none"] },
        HeldPorts = [new HeldPort { Port = 53, Protocol = PortProtocol.Udp, Address = "127.0.0.53", Holder = "resolver, process 7" }], JoinedAt = Now, UpdatedAt = Now,
    };

    public static RevisionDocument Revision(string serviceId, int number, string commandId = "c1") => new()
    {
        ServiceId = serviceId, Number = number, App = "shop", Spec = new ServiceSpec { Name = "web", Container = new ContainerSpec { Image = $"web:{number}" } },
        TemplateHash = "h", CommandId = commandId, CreatedAt = Now,
    };

    public static RolloutDocument Rollout(string serviceId, int to, DateTimeOffset? startedAt = null) => new()
    {
        Id = $"{serviceId}.{to}", App = "shop", Service = "web", ServiceId = serviceId, ToRevision = to, State = RolloutState.Progressing, StartedAt = startedAt ?? Now,
    };

    public static CommandDocument Command(string id, string app = "shop", DateTimeOffset? dueAt = null) => new()
    {
        Id = id, Command = "deploy-app", App = app, Body = "{\"commandId\":\"" + id + "\"}", Warnings = ["w"], TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", CreatedAt = Now, PublishDueAt = dueAt ?? Now,
    };

    public static HistoryEvent Event(string id, string type = "app-removed", string? app = "shop", string? service = null, DateTimeOffset? at = null) => new()
    {
        EventId = id, Type = type, App = app, Service = service, OccurredAt = at ?? Now, Body = "{\"eventId\":\"" + id + "\"}",
    };
}
