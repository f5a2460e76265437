namespace Orchestrator.NodeAgent.Domain.Tasks;

public enum TaskAction
{
    /// <summary>It is as wanted: tell how it is.</summary>
    Report,

    /// <summary>Make a container and start it.</summary>
    Start,

    /// <summary>Start the container that was made but never started.</summary>
    StartCreated,

    /// <summary>Signal, grace, kill.</summary>
    Stop,

    /// <summary>Remove what was made but never started.</summary>
    Discard,

    /// <summary>Tell that it has stopped: there is nothing to stop.</summary>
    ReportStopped,

    /// <summary>Tell that it failed: it ran once and its container is gone.</summary>
    ReportGone,

    /// <summary>Tell of a container that no instruction names. It runs on.</summary>
    ReportUnknown,
}
