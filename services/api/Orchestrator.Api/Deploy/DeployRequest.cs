namespace Orchestrator.Api.Deploy;

/// <summary>A Compose file and what lies beside it on the user's disk.</summary>
internal sealed record DeployRequest
{
    /// <summary>Default: the file's <c>name:</c>.</summary>
    public string? App { get; init; }

    public string? Compose { get; init; }
    public string? FileName { get; init; }

    /// <summary>Texts of the files that <c>env_file</c> names, by the path written there.</summary>
    public Dictionary<string, string>? Files { get; init; }

    /// <summary>Values for <c>${VARIABLE}</c>.</summary>
    public Dictionary<string, string>? Variables { get; init; }

    /// <summary>Refused when the application has had another command since this plan.</summary>
    public long? PlanIndex { get; init; }
}
