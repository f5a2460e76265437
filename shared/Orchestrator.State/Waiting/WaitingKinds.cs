namespace Orchestrator.State;

[Flags]
public enum WaitingKinds
{
    None = 0,
    Apps = 1,
    Services = 2,

    /// <summary>Tasks whose services are to be looked at.</summary>
    Tasks = 4,

    /// <summary>To be sent again.</summary>
    Instructions = 8,
    Rollouts = 16,
}
