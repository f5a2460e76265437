using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>An operating system and an architecture, in the words of images: <c>linux</c>, <c>amd64</c>.</summary>
public sealed record Platform(string Os, string Architecture)
{
    public bool Runs(Platform wanted) =>
        string.Equals(Os, wanted.Os, StringComparison.OrdinalIgnoreCase) && NodePlatform.Normal(Architecture) == NodePlatform.Normal(wanted.Architecture);

    public override string ToString() => $"{Os.ToLowerInvariant()}/{NodePlatform.Normal(Architecture)}";
}
