namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>An operating system and an architecture, in the words of images: <c>linux</c>, <c>amd64</c>.</summary>
public sealed record Platform(string Os, string Architecture)
{
    public bool Runs(Platform wanted) =>
        string.Equals(Os, wanted.Os, StringComparison.OrdinalIgnoreCase) && Normal(Architecture) == Normal(wanted.Architecture);

    /// <summary>An engine says <c>x86_64</c> where an image says <c>amd64</c>.</summary>
    public static string Normal(string architecture) => architecture.ToUpperInvariant() switch
    {
        "X86_64" or "X86-64" or "AMD64" => "amd64",
        "AARCH64" or "ARM64" => "arm64",
        "ARMV7L" or "ARMHF" or "ARM" => "arm",
        "I386" or "I686" or "386" => "386",
        _ => architecture.ToLowerInvariant(),
    };

    public override string ToString() => $"{Os.ToLowerInvariant()}/{Normal(Architecture)}";
}
