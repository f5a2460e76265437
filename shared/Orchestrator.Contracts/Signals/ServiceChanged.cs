namespace Orchestrator.Contracts;

/// <summary>Schedulers to themselves: look at this service again. Losing one does no harm; the sweeper finds what is dirty.</summary>
[MessageName("orchestrator.signals.service-changed")]
public sealed record ServiceChanged
{
    public required string ServiceId { get; init; }
}
