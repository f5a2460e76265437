namespace Orchestrator.Contracts;

/// <summary>A GET on the container's own address; an answer of 200 to 399 is good.</summary>
public sealed record HttpProbeSpec
{
    public int Port { get; init; }
    public string Path { get; init; } = "/";

    /// <summary><c>http</c> or <c>https</c>; certificates are not checked.</summary>
    public string Scheme { get; init; } = "http";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
