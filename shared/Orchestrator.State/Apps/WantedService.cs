namespace Orchestrator.State;

public sealed record WantedService
{
    /// <summary>New with each creation: removed and deployed again is another service.</summary>
    public required string ServiceId { get; init; }

    public required int Revision { get; init; }
    public required int Replicas { get; init; }

    /// <summary>The order of the newest command that scaled it; 0 for none.</summary>
    public long ScaleOrder { get; init; }

    /// <summary>The order of the newest command by which people rolled it back; 0 for none.</summary>
    public long RollbackOrder { get; init; }

    /// <summary>Which of the application's commands set it last, as <see cref="AppDocument.Taken"/> counts them.</summary>
    public long SetBy { get; init; }
}
