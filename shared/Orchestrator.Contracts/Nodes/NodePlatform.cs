namespace Orchestrator.Contracts;

/// <summary>In Docker's words: <c>linux</c>, <c>x86_64</c>.</summary>
public sealed record NodePlatform
{
    public required string Os { get; init; }
    public required string Architecture { get; init; }

    /// <summary>An engine says <c>x86_64</c> where an image says <c>amd64</c>.</summary>
    public static string Normal(string architecture) => architecture.ToUpperInvariant() switch
    {
        "X86_64" or "X86-64" or "AMD64" => "amd64",
        "AARCH64" or "ARM64" => "arm64",
        "ARMV7L" or "ARMHF" or "ARM" => "arm",
        "I386" or "I686" or "386" => "386",
        _ => architecture.ToLowerInvariant(),
    };
}
