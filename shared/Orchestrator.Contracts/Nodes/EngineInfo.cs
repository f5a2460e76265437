namespace Orchestrator.Contracts;

public sealed record EngineInfo
{
    public required string Version { get; init; }
    public required string ApiVersion { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
