namespace Orchestrator.Contracts;

/// <summary>A service in a network.</summary>
public sealed record NetworkAttachment
{
    public const string Default = "default";

    /// <summary>As the application calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its name in the cluster; null: <c>APP_NAME</c>.</summary>
    public string? FullName { get; init; }

    /// <summary>Another application brings it.</summary>
    public bool External { get; init; }

    /// <summary>It leads nowhere but to its members.</summary>
    public bool Internal { get; init; }

    /// <summary>Further names of the service for the other members.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public string NameIn(string app) => FullName ?? app + "_" + Name;
}
