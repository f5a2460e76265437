namespace Orchestrator.Contracts;

/// <summary>
/// The API, or anyone, to the scheduler: what people say of a node changes. What is absent stays as it is. Tasks that do not match any
/// more are placed again. Answered like <see cref="DeployCompose"/>.
/// </summary>
[MessageName("orchestrator.commands.update-node")]
public sealed record UpdateNode
{
    public string? CommandId { get; init; }
    public string? NodeId { get; init; }
    public NodeAvailability? Availability { get; init; }

    /// <summary>Empty: what the agent was started with.</summary>
    public string? Pool { get; init; }

    public IReadOnlyDictionary<string, string> SetLabels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string> RemoveLabels { get; init; } = [];
    public IReadOnlyList<NodeTaint> SetTaints { get; init; } = [];

    /// <summary>By key: all taints of that key that people have set.</summary>
    public IReadOnlyList<string> RemoveTaints { get; init; } = [];

    /// <summary>With availability Drain: what is still there after so long is stopped, whatever serves then; null: an hour, 0: at once.</summary>
    public double? DrainDeadlineSeconds { get; init; }

    /// <summary>It is gone for good: it is declared lost though many others vanished with it.</summary>
    public bool ConfirmLost { get; init; }

    /// <summary>Task ids of containers that no stored task knew: their services take them, and replace them where they are not as wanted.</summary>
    public IReadOnlyList<string> AdoptOrphans { get; init; } = [];

    /// <summary>As <see cref="AdoptOrphans"/>: they are stopped.</summary>
    public IReadOnlyList<string> StopOrphans { get; init; } = [];

    public string? RequestedBy { get; init; }
}
