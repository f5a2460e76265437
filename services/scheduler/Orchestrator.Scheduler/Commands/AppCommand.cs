using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

/// <summary>A command about one application, with its way to decide.</summary>
internal sealed record AppCommand
{
    public required string Id { get; init; }

    /// <summary>In kebab case.</summary>
    public required string Name { get; init; }

    public required string App { get; init; }

    /// <summary>Null for a sender that gives none: the command is then newer than all before it.</summary>
    public long? Order { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>Errors that need no look at what is stored.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The newest order that this command must be newer than: that of another which sets what it would set.</summary>
    public Func<AppDocument, long> NewestOrder { get; init; } = app => app.LastOrder;

    /// <summary>Given the application and the command's order.</summary>
    public required Func<AppDocument?, long, CancellationToken, Task<AppDecision>> DecideAsync { get; init; }
}
