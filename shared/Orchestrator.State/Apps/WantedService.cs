namespace Orchestrator.State;

public sealed record WantedService
{
    /// <summary>New with each creation: removed and deployed again is another service.</summary>
    public required string ServiceId { get; init; }

    public required int Revision { get; init; }
    public required int Replicas { get; init; }
}
