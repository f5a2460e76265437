using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

/// <summary>A command about one application, with its way to decide.</summary>
internal sealed record AppCommand
{
    public required string Id { get; init; }

    /// <summary>In kebab case.</summary>
    public required string Name { get; init; }

    public required string App { get; init; }
    public long? Order { get; init; }
    /// <summary>Decided by the scheduler: a command that was sent before it is not superseded by it.</summary>
    public bool KeepsOrder { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>Errors that need no look at what is stored.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    public required Func<AppDocument?, CancellationToken, Task<AppDecision>> DecideAsync { get; init; }
}
