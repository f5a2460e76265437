namespace Orchestrator.Compose;

/// <summary>A Compose file and what lies beside it.</summary>
public sealed record ComposeInput
{
    public required string Text { get; init; }

    /// <summary>What errors call the file.</summary>
    public string FileName { get; init; } = "compose.yaml";

    /// <summary>Wins over the file's <c>name:</c>.</summary>
    public string? AppName { get; init; }

    /// <summary>Texts of the files that <c>env_file</c> names, by the path written there.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Values for <c>${VARIABLE}</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
