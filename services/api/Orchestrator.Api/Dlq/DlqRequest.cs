namespace Orchestrator.Api.Dlq;

/// <summary>Which messages: one by its id, or all.</summary>
internal sealed record DlqRequest
{
    public string? Id { get; init; }
    public bool All { get; init; }
}
