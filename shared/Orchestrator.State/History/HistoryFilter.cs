namespace Orchestrator.State;

/// <summary>Null: any.</summary>
public sealed record HistoryFilter
{
    public string? App { get; init; }
    public string? Service { get; init; }
    public string? Type { get; init; }
    public string? CommandId { get; init; }
    public DateTimeOffset? Since { get; init; }
}
