using System.Globalization;
using Docker.DotNet.Models;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Network;
using ContainerSpec = Orchestrator.Contracts.ContainerSpec;
using TaskSpec = Orchestrator.Contracts.TaskSpec;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>A task's spec in the engine's words. Null means absent to the engine, though its client's types do not say so.</summary>
internal static class ContainerParameters
{
    private const double NanoCpus = 1e9;

    public static CreateContainerParameters Of(string taskId, TaskSpec spec, EngineNames names, ContainerNetwork? network, string? healthUrl)
    {
        var container = spec.Container;
        var hostPorts = spec.Ports.Where(port => port.Mode == PortMode.Host).ToList();
        return new CreateContainerParameters
        {
            Name = EngineNames.Container(taskId, spec),
            Image = container.Image,
            Entrypoint = container.Entrypoint is { Count: 0 } ? [""] : container.Entrypoint?.ToList()!,
            Cmd = container.Command?.ToList()!,
            Env = [.. Environment(taskId, container, healthUrl).Select(variable => $"{variable.Key}={variable.Value}")],
            Labels = names.ContainerLabels(taskId, spec),
            Hostname = container.Hostname!,
            User = container.User!,
            WorkingDir = container.WorkingDirectory!,
            StopSignal = container.StopSignal!,
            StopTimeout = TimeSpan.FromSeconds(Math.Ceiling(container.StopGracePeriodSeconds)),
            Healthcheck = Healthcheck(container.Healthcheck)!,
            ExposedPorts = spec.Ports.DistinctBy(Key).ToDictionary(Key, _ => default(EmptyStruct)),
            HostConfig = new HostConfig
            {
                NetworkMode = network?.Name ?? names.Network(spec.App),
                DNS = network?.Names is { } server ? [server] : null!,
                Init = container.Init ? true : null,
                ReadonlyRootfs = container.ReadOnly,
                RestartPolicy = new global::Docker.DotNet.Models.RestartPolicy { Name = RestartPolicyKind.No },
                Mounts = [.. container.Mounts.Select(mount => Mount(mount, spec.App, names))],
                NanoCPUs = (long)((spec.Resources.LimitCpus ?? 0) * NanoCpus),
                Memory = spec.Resources.LimitMemoryBytes ?? 0,
                MemoryReservation = spec.Resources.ReservedMemoryBytes ?? 0,
                PidsLimit = spec.Resources.LimitPids,
                DeviceRequests = spec.Resources.Devices.Count == 0 ? null! : [.. spec.Resources.Devices.Select(Device)],
                PortBindings = hostPorts.GroupBy(Key).ToDictionary(group => group.Key, group => (IList<PortBinding>)[.. group.Select(Binding)]),
            },
            NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [network?.Name ?? names.Network(spec.App)] = network is null
                        ? new EndpointSettings { Aliases = [.. (spec.Network?.Networks ?? []).SelectMany(attachment => attachment.Aliases).Prepend(spec.Service).Distinct()] }
                        : new EndpointSettings { IPAMConfig = new EndpointIPAMConfig { IPv4Address = network.Address } },
                },
            },
        };
    }

    /// <summary>What the service itself sets goes first.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Environment(string taskId, ContainerSpec container, string? healthUrl)
    {
        IEnumerable<KeyValuePair<string, string>> ours =
        [
            new("ORCHESTRATOR_TASK_ID", taskId),
            .. healthUrl is null ? Array.Empty<KeyValuePair<string, string>>() : [new("ORCHESTRATOR_HEALTH_URL", healthUrl)],
        ];
        return container.Environment.UnionBy(ours, variable => variable.Key);
    }

    public static string Key(PortSpec port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.Target}/{(port.Protocol == PortProtocol.Udp ? "udp" : "tcp")}");

    private static DeviceRequest Device(DeviceSpec device) => new()
    {
        Driver = device.Driver ?? "",
        Count = device.Ids.Count > 0 ? 0 : device.Count,
        DeviceIDs = device.Ids.Count > 0 ? [.. device.Ids] : null!,
        Capabilities = [[device.Kind]],
    };

    private static PortBinding Binding(PortSpec port) => new()
    {
        HostIP = port.HostIp ?? "",
        HostPort = port.Published?.ToString(CultureInfo.InvariantCulture) ?? "",
    };

    private static HealthcheckConfig? Healthcheck(HealthcheckSpec? spec) => spec switch
    {
        null => null,
        { Disabled: true } => new HealthcheckConfig { Test = ["NONE"] },
        _ => new HealthcheckConfig
        {
            Test = spec.Test?.ToList(),
            Interval = Seconds(spec.IntervalSeconds),
            Timeout = Seconds(spec.TimeoutSeconds),
            Retries = spec.Retries,
            StartPeriod = Seconds(spec.StartPeriodSeconds),
            StartInterval = Seconds(spec.StartIntervalSeconds),
        },
    };

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private static Mount Mount(MountSpec mount, string app, EngineNames names) => new()
    {
        Type = mount.Type switch
        {
            MountType.Bind => "bind",
            MountType.Tmpfs => "tmpfs",
            _ => "volume",
        },
        Source = mount.Type switch
        {
            MountType.Volume when mount.Source.Length > 0 => VolumeName(mount, app, names),
            MountType.Bind => mount.Source,
            _ => null,
        },
        Target = mount.Target,
        ReadOnly = mount.ReadOnly,
        VolumeOptions = mount is { Type: MountType.Volume, Volume: not { External: true } } ? VolumeOptions(mount.Volume, app, names) : null,
    };

    public static string VolumeName(MountSpec mount, string app, EngineNames names) => mount.Volume switch
    {
        { EngineName: { } name } => name,
        { External: true } => mount.Source,
        _ => names.Volume(app, mount.Source),
    };

    private static VolumeOptions VolumeOptions(VolumeSpec? volume, string app, EngineNames names)
    {
        var labels = new Dictionary<string, string>(volume?.Labels ?? new Dictionary<string, string>());
        foreach (var (key, value) in names.AppLabels(app))
        {
            labels[key] = value;
        }

        return new VolumeOptions
        {
            Labels = labels,
            DriverConfig = volume?.Driver is null && volume?.DriverOptions.Count is null or 0
                ? null
                : new Driver { Name = volume.Driver ?? "local", Options = volume.DriverOptions.ToDictionary() },
        };
    }
}
