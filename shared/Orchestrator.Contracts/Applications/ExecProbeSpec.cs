namespace Orchestrator.Contracts;

/// <summary>A command inside the container; exit code 0 is good. Each one costs about 0.15 s of CPU.</summary>
public sealed record ExecProbeSpec
{
    public IReadOnlyList<string> Command { get; init; } = [];
}
