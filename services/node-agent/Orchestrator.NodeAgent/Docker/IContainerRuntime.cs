using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>The container engine, as far as tasks need it. It sees only what is this cluster's and this node's.</summary>
internal interface IContainerRuntime
{
    Task<(NodeCapacity Capacity, NodePlatform Platform, EngineInfo Engine, string HostName)> DescribeAsync(CancellationToken cancellation);

    /// <summary>Of the disk that has the engine's data; null until the engine was described, or where that cannot be seen.</summary>
    double? FreeDiskPercent();

    /// <summary>Names of the images there are, the newest first.</summary>
    Task<IReadOnlyList<string>> ImagesAsync(int limit, CancellationToken cancellation);

    Task<IReadOnlyList<FoundContainer>> ListAsync(CancellationToken cancellation);

    /// <returns>The container, anybody's, that the engine gave this port of the machine; null: it gave it to none.</returns>
    Task<PublishingContainer?> PublisherAsync(int port, PortProtocol protocol, CancellationToken cancellation);

    Task<FoundContainer?> InspectAsync(string containerId, CancellationToken cancellation);

    /// <summary>Makes and starts the task's container; leaves none behind when it cannot.</summary>
    /// <exception cref="RefusedException">Why it cannot run.</exception>
    Task<StartedContainer> StartAsync(string taskId, TaskSpec spec, Action<string> onPull, CancellationToken cancellation);

    /// <summary>Starts a container that was made before.</summary>
    /// <exception cref="RefusedException">Why it cannot run; it is removed.</exception>
    Task<StartedContainer> StartCreatedAsync(string containerId, CancellationToken cancellation);

    /// <summary>Signal, grace, kill. Returns when it has ended.</summary>
    Task StopAsync(string containerId, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Runs a command inside the container.</summary>
    /// <returns>Its exit code.</returns>
    Task<long> ExecAsync(string containerId, IReadOnlyList<string> command, CancellationToken cancellation);

    Task RemoveAsync(string containerId, CancellationToken cancellation);

    Task RemoveNetworkAsync(string app, CancellationToken cancellation);

    /// <summary>Events until cancelled or broken, from a moment on, in order.</summary>
    Task WatchAsync(DateTimeOffset since, Action<ContainerEvent> onEvent, Action<string> onPosition, string? position, CancellationToken cancellation);

    Task<IReadOnlyList<LogLine>> ReadLogsAsync(string taskId, string containerId, int? tail, CancellationToken cancellation);
}
