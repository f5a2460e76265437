using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Network;
using Orchestrator.NodeAgent.Ports;
using Orchestrator.NodeAgent.Pressure;
using Orchestrator.NodeAgent.Reports;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Join;

/// <summary>
/// Takes over what the engine has, follows its events, and tells the cluster that the node is here: at the start and each
/// time the node's queue is connected again, until the scheduler answers.
/// </summary>
internal sealed class NodeMembership(
    IContainerRuntime runtime, NodeTasks tasks, TaskReporter reporter, NodeConnection connection, PressureWatch pressure, HeldPortWatch heldPorts, ClusterNetwork network, IBus bus,
    IOptions<NodeAgentOptions> options, TimeProvider time, ILogger<NodeMembership> logger) : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);
    private const int MaxImages = 200;
    private IReadOnlySet<string> _imagesTold = new HashSet<string>();
    private bool _adopted;
    private string? _position;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), JoinAsync(stoppingToken), WatchImagesAsync(stoppingToken));

    /// <summary>Events are followed from before the look at the containers on, so that no end falls between.</summary>
    private async Task WatchAsync(CancellationToken cancellation)
    {
        var retry = FirstRetry;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var since = time.GetUtcNow();
                var found = await runtime.ListAsync(cancellation);
                tasks.Adopt(found);
                if (!_adopted)
                {
                    _adopted = true;
                    connection.Announce();
                }

                retry = FirstRetry;
                await runtime.WatchAsync(since, tasks.Happened, position => _position = position, _position, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && IsEngineTrouble(exception))
            {
                Log.EngineAway(logger, exception.Message, retry.TotalSeconds);
                await Task.Delay(retry, time, cancellation);
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }
        }
    }

    /// <summary>Which node has an image is a hint for placement: the node tells again when other images are there than it has told.</summary>
    private async Task WatchImagesAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.Value.ImagesInterval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                if (_adopted && !_imagesTold.SetEquals(await runtime.ImagesAsync(MaxImages, cancellation)))
                {
                    connection.Announce();
                }
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && IsEngineTrouble(exception))
            {
                // The engine is away, which is told of where its events are followed.
            }
        }
    }

    private async Task JoinAsync(CancellationToken cancellation)
    {
        var failed = false;
        while (true)
        {
            await connection.WaitAsync(cancellation);
            if (!_adopted)
            {
                continue;
            }

            try
            {
                var answer = connection.NextAnswerAsync();
                await TellAsync(cancellation);
                failed = false;
                await answer.WaitAsync(options.Value.JoinAgainAfter, time, cancellation);
            }
            catch (TimeoutException)
            {
                // No scheduler may ever have run here: then nobody has heard it.
                connection.Announce();
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                if (!failed)
                {
                    Log.JoinFailed(logger, exception.Message);
                }

                failed = true;
                await Task.Delay(FirstRetry, time, cancellation);
                connection.Announce();
            }
        }
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        var (capacity, platform, engine, hostName) = await runtime.DescribeAsync(cancellation);
        var images = await runtime.ImagesAsync(MaxImages, cancellation);
        _imagesTold = images.ToHashSet();
        var now = time.GetUtcNow();
        var settings = options.Value;
        Log.NodeJoins(logger, settings.NodeId, tasks.Entries.Count, engine.Version);
        await bus.Publish(
            new NodeJoined
            {
                NodeId = settings.NodeId,
                ClusterId = settings.ClusterId,
                AgentEpoch = reporter.Epoch,
                Name = settings.NodeName ?? hostName,
                Role = settings.Role,
                Capacity = capacity with
                {
                    Pids = settings.Pids,
                    Generic = settings.GenericResources,
                    DeviceIds = settings.DeviceIds,
                    SystemCpus = settings.SystemCpus,
                    SystemMemoryBytes = settings.SystemMemoryBytes,
                    OvercommitCpus = settings.OvercommitCpus,
                    OvercommitMemory = settings.OvercommitMemory,
                },
                Platform = platform,
                Engine = engine,
                Labels = settings.Labels,
                Address = settings.Address ?? (settings.Network ? NetworkProbe.AddressTowards(bus.Address.Host) : null),
                Network = await network.ProbeAsync(cancellation),
                Pool = settings.Pool,
                Taints = [.. settings.Taints.Select(NodeTaint.Parse).OfType<NodeTaint>()],
                Images = images,
                Pressure = pressure.Now,
                HeldPorts = heldPorts.Now,
                OccurredAt = now,
            },
            cancellation);
        await bus.Publish(new NodeSync { NodeId = settings.NodeId, AgentEpoch = reporter.Epoch, OccurredAt = now }, cancellation);
    }

    public static bool IsEngineTrouble(Exception exception) =>
        exception is HttpRequestException or IOException or TimeoutException or JsonException or OperationCanceledException
            or System.Net.Sockets.SocketException or global::Docker.DotNet.DockerApiException;
}
