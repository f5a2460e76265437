namespace Orchestrator.Contracts;

/// <summary>The API instance that stored the answer to a command, to all: whoever waits for it may read it now. Losing one does no harm; the store is looked at again.</summary>
[MessageName("orchestrator.signals.command-answered")]
public sealed record CommandAnswered
{
    public required string CommandId { get; init; }
    public string? App { get; init; }
}
