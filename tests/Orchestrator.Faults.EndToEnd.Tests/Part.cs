namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>A part of a cluster that dies without warning.</summary>
public enum Part
{
    Api,
    Scheduler,
    HealthMonitor,
    Agent,
    Broker,

    /// <summary>The server itself.</summary>
    Database,

    /// <summary>The way to it.</summary>
    DatabaseConnection,
}
