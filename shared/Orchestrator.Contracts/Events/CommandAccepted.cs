namespace Orchestrator.Contracts;

/// <summary>The scheduler: the command counts from now on; what it asks for follows. At least once.</summary>
[MessageName("orchestrator.events.command-accepted")]
public sealed record CommandAccepted : OrchestratorEvent
{
    public override string Type => "command-accepted";

    /// <summary>The command's name in kebab case: <c>deploy-app</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The revision wanted of each service after the command.</summary>
    public IReadOnlyDictionary<string, int> Revisions { get; init; } = new Dictionary<string, int>();

    /// <summary>False when everything was so already.</summary>
    public bool Changed { get; init; } = true;
}
