using System.Diagnostics;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Tasks;
using Orchestrator.NodeAgent.Network;
using Orchestrator.NodeAgent.Posts;
using TaskSpec = Orchestrator.Contracts.TaskSpec;
using ContainerSpec = Orchestrator.Contracts.ContainerSpec;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>Docker Engine 20.10 and newer. The API version is never pinned: the engine uses its own newest.</summary>
internal sealed class DockerRuntime(DockerClient docker, EngineNames names, ClusterNetwork network, PostListener posts) : IContainerRuntime
{
    private readonly ImagePuller _images = new(docker);
    private string? _dataFolder;
    private readonly AppNetworks _networks = new(docker, names, posts);

    public async Task<(NodeCapacity Capacity, NodePlatform Platform, EngineInfo Engine, string HostName)> DescribeAsync(CancellationToken cancellation)
    {
        var info = await EngineCalls.MeasureAsync("info", () => docker.System.GetSystemInfoAsync(cancellation));
        var version = await EngineCalls.MeasureAsync("version", () => docker.System.GetVersionAsync(cancellation));
        _dataFolder = info.DockerRootDir;
        return (
            new NodeCapacity { Cpus = info.NCPU, MemoryBytes = info.MemTotal, DiskBytes = DiskOf(info.DockerRootDir) },
            new NodePlatform { Os = info.OSType, Architecture = info.Architecture },
            new EngineInfo { Version = info.ServerVersion, ApiVersion = version.APIVersion, Labels = LabelsOf(info.Labels) },
            info.Name);
    }

    public async Task<IReadOnlyList<string>> ImagesAsync(int limit, CancellationToken cancellation)
    {
        var images = await EngineCalls.MeasureAsync("image-list", () => docker.Images.ListImagesAsync(new ImagesListParameters(), cancellation));
        return [.. images.OrderByDescending(image => image.Created).SelectMany(image => image.RepoTags ?? []).Where(name => !name.StartsWith("<none>", StringComparison.Ordinal)).Take(limit)];
    }

    public async Task<IReadOnlyList<FoundContainer>> ListAsync(CancellationToken cancellation)
    {
        var all = new ContainersListParameters { All = true, Filters = names.OursFilter() };
        var list = await EngineCalls.MeasureAsync("container-list", () => docker.Containers.ListContainersAsync(all, cancellation));
        var found = await Task.WhenAll(list.Select(container => InspectAsync(container.ID, cancellation)));
        network.Found(found.Where(container => container is { Phase: ContainerPhase.Running }).Select(container => container!.TaskId).ToHashSet());
        foreach (var container in found.OfType<FoundContainer>())
        {
            if (container.Network is { } bridge)
            {
                posts.Open(container.InCluster ? bridge with { Device = network.Device } : bridge);
            }
        }

        return [.. found.OfType<FoundContainer>()];
    }

    public async Task<PublishingContainer?> PublisherAsync(int port, PortProtocol protocol, CancellationToken cancellation)
    {
        var published = new Dictionary<string, IDictionary<string, bool>> { ["publish"] = new Dictionary<string, bool> { [$"{port}/{(protocol == PortProtocol.Udp ? "udp" : "tcp")}"] = true } };
        var found = await EngineCalls.MeasureAsync("container-list", () => docker.Containers.ListContainersAsync(new ContainersListParameters { Filters = published }, cancellation));
        return found.Select(container => new PublishingContainer(container.Names.FirstOrDefault()?.TrimStart('/') ?? container.ID, names.AreOurs(container.Labels))).FirstOrDefault();
    }

    public async Task<FoundContainer?> InspectAsync(string containerId, CancellationToken cancellation)
    {
        try
        {
            return FoundContainers.Of(names, await EngineCalls.MeasureAsync("container-inspect", () => docker.Containers.InspectContainerAsync(containerId, cancellation)));
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<StartedContainer> StartAsync(string taskId, TaskSpec spec, Action<string> onPull, CancellationToken cancellation)
    {
        await CheckVolumesAsync(spec, cancellation);
        var note = spec.Container.PullPolicy == PullPolicy.Always ? await PullAlwaysAsync(spec.Container.Image, onPull, cancellation) : null;
        if (await network.JoinAsync(taskId, spec, cancellation) is { } place)
        {
            return await StartInClusterAsync(taskId, spec, place, onPull, note, cancellation);
        }

        if (spec.Network?.Policy is not null)
        {
            throw new RefusedException(true, "its network_policy is held by the cluster's network, and this node has no part in it; 'orch node inspect' says why");
        }

        note ??= spec.Network is { Networks.Count: > 0 } ? "networks have no effect on this node: it has no part in the cluster's network ('orch node inspect' says why)" : null;
        var bridge = await _networks.EnsureAsync(spec.App, cancellation);
        var watch = new Stopwatch();
        try
        {
            return await MakeAndStartAsync(taskId, spec, null, posts.Open(bridge), onPull, watch, note, cancellation);
        }
        catch (DockerApiException exception) when (EngineErrors.IsMissingNetwork(exception))
        {
            // Somebody removed it, or our own clean-up did a moment ago.
            bridge = await _networks.MakeAgainAsync(spec.App, cancellation);
            return await MakeAndStartAsync(taskId, spec, null, posts.Open(bridge), onPull, watch, note, cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            // The engine may have done it and could not say so.
            await TryRemoveAsync(EngineNames.Container(taskId, spec));
            throw;
        }
    }

    private async Task<StartedContainer> StartInClusterAsync(
        string taskId, TaskSpec spec, ContainerNetwork place, Action<string> onPull, string? note, CancellationToken cancellation)
    {
        try
        {
            return await MakeAndStartAsync(taskId, spec, place, posts.Open(place.Bridge), onPull, new Stopwatch(), note, cancellation);
        }
        catch (Exception exception)
        {
            if (exception is HttpRequestException or IOException or TimeoutException)
            {
                // The engine may have done it and could not say so.
                await TryRemoveAsync(EngineNames.Container(taskId, spec));
            }

            network.Release(taskId);
            throw;
        }
    }

    public Task<StartedContainer> StartCreatedAsync(string containerId, CancellationToken cancellation) =>
        StartAsync(containerId, [], new Stopwatch(), null, cancellation);

    public async Task StopAsync(string containerId, TimeSpan grace, CancellationToken cancellation)
    {
        try
        {
            var seconds = (uint)Math.Ceiling(grace.TotalSeconds);
            var parameters = new ContainerStopParameters { WaitBeforeKillSeconds = seconds };
            await EngineCalls.MeasureAsync("container-stop", () => docker.Containers.StopContainerAsync(containerId, parameters, cancellation));
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // It is gone, which is what was wanted.
        }
    }

    public Task<long> ExecAsync(string containerId, IReadOnlyList<string> command, CancellationToken cancellation) =>
        ContainerExec.RunAsync(docker, containerId, command, cancellation);

    public async Task RemoveAsync(string containerId, CancellationToken cancellation)
    {
        try
        {
            var parameters = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
            await EngineCalls.MeasureAsync("container-remove", () => docker.Containers.RemoveContainerAsync(containerId, parameters, cancellation));
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or being removed by somebody else.
        }
    }

    private async Task TryRemoveAsync(string container)
    {
        try
        {
            await RemoveAsync(container, CancellationToken.None);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            // The engine is away: what is left is found when it is back.
        }
    }

    public Task RemoveNetworkAsync(string app, CancellationToken cancellation) => _networks.RemoveAsync(app, cancellation);

    public Task WatchAsync(DateTimeOffset since, Action<ContainerEvent> onEvent, Action<string> onPosition, string? position, CancellationToken cancellation) =>
        EngineEvents.WatchAsync(docker, names, since, onEvent, onPosition, position, cancellation);

    public Task<IReadOnlyList<LogLine>> ReadLogsAsync(string taskId, string containerId, int? tail, CancellationToken cancellation) =>
        ContainerLogs.ReadAsync(docker, taskId, containerId, tail, cancellation);

    private async Task<StartedContainer> MakeAndStartAsync(
        string taskId, TaskSpec spec, ContainerNetwork? place, string? healthUrl, Action<string> onPull, Stopwatch watch, string? note, CancellationToken cancellation)
    {
        var id = await CreateAsync(taskId, spec, place, healthUrl, onPull, watch, cancellation);
        return await StartAsync(id, [.. spec.Ports.Where(port => port.Mode == PortMode.Host)], watch, note, cancellation);
    }

    private async Task<string> CreateAsync(string taskId, TaskSpec spec, ContainerNetwork? place, string? healthUrl, Action<string> onPull, Stopwatch watch, CancellationToken cancellation)
    {
        var parameters = ContainerParameters.Of(taskId, spec, names, place, healthUrl);
        for (var attempt = 1; ; attempt++)
        {
            watch.Start();
            try
            {
                // Not to be cancelled: the engine would go on, and nobody would know of the container.
                return (await EngineCalls.MeasureAsync("container-create", () => docker.Containers.CreateContainerAsync(parameters, CancellationToken.None), taskId)).ID;
            }
            catch (DockerApiException exception) when (attempt == 1 && EngineErrors.IsMissingImage(exception))
            {
                watch.Stop();
                await PullMissingAsync(spec.Container, onPull, cancellation);
            }
            catch (DockerApiException exception) when (attempt == 1 && exception.StatusCode == HttpStatusCode.Conflict)
            {
                // The name is derived from the task's: what has it is the rest of an attempt that was cut off.
                await RemoveAsync(EngineNames.Container(taskId, spec), cancellation);
            }
            catch (DockerApiException exception) when (!EngineErrors.IsMissingNetwork(exception))
            {
                throw EngineErrors.Refusal(exception, []);
            }
            finally
            {
                watch.Stop();
            }
        }
    }

    private async Task<StartedContainer> StartAsync(string id, IReadOnlyList<PortSpec> hostPorts, Stopwatch watch, string? note, CancellationToken cancellation)
    {
        try
        {
            watch.Start();
            await EngineCalls.MeasureAsync("container-start", () => docker.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellation));
            watch.Stop();
        }
        catch (Exception exception) when (exception is DockerApiException or OperationCanceledException)
        {
            await RemoveAsync(id, CancellationToken.None);
            if (exception is DockerApiException refused && !EngineErrors.IsMissingNetwork(refused))
            {
                throw EngineErrors.Refusal(refused, hostPorts);
            }

            throw;
        }

        // Not to be cancelled: it runs, and whoever stops it must know of it.
        var found = await InspectAsync(id, CancellationToken.None) ?? throw new RefusedException(false, "its container was removed by somebody else right after its start");
        return new StartedContainer(found, watch.Elapsed, note);
    }

    private async Task PullMissingAsync(ContainerSpec container, Action<string> onPull, CancellationToken cancellation)
    {
        if (container.PullPolicy == PullPolicy.Never)
        {
            throw new RefusedException(true, $"image {container.Image}: it is not on this node and pull_policy is never; load it there, or write pull_policy: missing");
        }

        onPull(container.Image);
        await _images.PullAsync(container.Image, cancellation);
    }

    private async Task<string?> PullAlwaysAsync(string image, Action<string> onPull, CancellationToken cancellation)
    {
        try
        {
            onPull(image);
            await _images.PullAsync(image, cancellation);
            return null;
        }
        catch (RefusedException refused)
        {
            if (!await _images.IsHereAsync(image, cancellation))
            {
                throw;
            }

            return $"the image on the node is used: {refused.Message}";
        }
    }

    private async Task CheckVolumesAsync(TaskSpec spec, CancellationToken cancellation)
    {
        foreach (var mount in spec.Container.Mounts.Where(mount => mount.Volume is { External: true }))
        {
            var name = ContainerParameters.VolumeName(mount, spec.App, names);
            try
            {
                await EngineCalls.MeasureAsync("volume-inspect", () => docker.Volumes.InspectAsync(name, cancellation));
            }
            catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                throw new RefusedException(true, $"volume {name}: it is external and not on this node; make it with 'docker volume create {name}', or drop external");
            }
        }
    }

    public double? FreeDiskPercent()
    {
        try
        {
            return _dataFolder is { } folder && new DriveInfo(folder) is { TotalSize: > 0 } disk ? 100.0 * disk.AvailableFreeSpace / disk.TotalSize : null;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long DiskOf(string path)
    {
        try
        {
            return new DriveInfo(path).TotalSize;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The engine's folder may not be visible from where the agent runs.
            return 0;
        }
    }

    private static Dictionary<string, string> LabelsOf(IList<string>? labels) =>
        (labels ?? []).Select(label => label.Split('=', 2)).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "");
}
