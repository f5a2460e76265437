namespace Orchestrator.State.Mongo;

internal sealed record Counter
{
    public required string Id { get; init; }
    public required long Value { get; init; }
}
