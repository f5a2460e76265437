namespace Orchestrator.Contracts;

/// <summary>What an application says of itself in one post. What it leaves out stays as it was said last.</summary>
public sealed record HealthPost
{
    /// <summary>It takes work.</summary>
    public bool? Ready { get; init; }

    /// <summary>False: it asks to be replaced.</summary>
    public bool? Live { get; init; }

    /// <summary>How busy it is, in its own measure.</summary>
    public double? Load { get; init; }

    /// <summary>Why, for people: one line.</summary>
    public string? Message { get; init; }
}
