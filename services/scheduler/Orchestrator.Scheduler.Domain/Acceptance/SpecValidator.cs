using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>Says all that is wrong with a command. Each error names the place, what is wrong and what to write.</summary>
public static class SpecValidator
{
    public const int MaxReplicas = 10_000;
    private const long MinMemoryBytes = 6 * 1024 * 1024;
    private const int MaxPort = 65_535;
    private const double MaxCpus = 100_000;
    private const double MaxSeconds = 86_400;

    public static IEnumerable<string> CheckAppName(string? app) =>
        app is not null && NameRules.IsName(app)
            ? []
            : [$"app: '{app}' is no name; write lower-case letters, digits, '-' and '_', at most 63, beginning with a letter or digit"];

    public static IEnumerable<string> CheckReplicas(string place, int? replicas) => replicas switch
    {
        null => [$"{place}: a number of replicas is missing; write 0 to {MaxReplicas}"],
        < 0 or > MaxReplicas => [$"{place}: {replicas} replicas cannot be; write 0 to {MaxReplicas}"],
        _ => [],
    };

    /// <param name="spec">What is to be deployed.</param>
    /// <param name="app">As what.</param>
    public static IReadOnlyList<string> Check(ApplicationSpec spec, string? app = null)
    {
        if (spec.Services is not { Count: > 0 })
        {
            return ["spec.services: there is none; write at least one service"];
        }

        // JSON allows null where a list has an item; nothing else can be said of such a spec.
        var errors = CheckNulls(spec).ToList();
        if (errors.Count > 0)
        {
            return errors;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var all = spec.Services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < spec.Services.Count; i++)
        {
            var service = spec.Services[i];
            var place = $"spec.services[{i}]";
            if (!names.Add(service.Name))
            {
                errors.Add($"{place}.name: '{service.Name}' stands twice; give each service its own name");
            }

            errors.AddRange(CheckService(place, service));
            errors.AddRange(PlacementRules.Check(service, all, app).Select(fault => $"{place}.{fault.Path}: {fault.Text}"));
            errors.AddRange(RolloutRules.Check(service).Where(remark => remark.IsError).Select(remark => $"{place}.{remark.Path}: {remark.Text}"));
            errors.AddRange(ProbeRules.Check(service).Concat(DisconnectRules.Check(service)).Concat(NetworkRules.Check(service, all)).Where(remark => remark.IsError).Select(remark => $"{place}.{remark.Path}: {remark.Text}"));
            errors.AddRange(service.DependsOn
                .Where(dependency => spec.Services.All(other => other.Name != dependency.Service))
                .Select(dependency => $"{place}.dependsOn: there is no service '{dependency.Service}'"));
        }

        errors.AddRange(CheckCycles(spec));
        errors.AddRange(CheckPortsUsedTwice(spec));
        return errors;
    }

    private static IEnumerable<string> CheckNulls(ApplicationSpec spec)
    {
        IEnumerable<string> Nulls<T>(string place, IEnumerable<T>? items) => (items ?? [])
            .Select((item, i) => (item, i))
            .Where(pair => pair.item is null)
            .Select(pair => $"{place}[{pair.i}]: null cannot be here; remove it");

        return Nulls("spec.services", spec.Services).Concat(spec.Services.SelectMany((service, i) => service is null ? [] : ((IEnumerable<string>[])
        [
            Nulls($"spec.services[{i}].ports", service.Ports),
            Nulls($"spec.services[{i}].dependsOn", service.DependsOn),
            Nulls($"spec.services[{i}].container.mounts", service.Container.Mounts),
            Nulls($"spec.services[{i}].container.command", service.Container.Command),
            Nulls($"spec.services[{i}].container.entrypoint", service.Container.Entrypoint),
            Nulls($"spec.services[{i}].container.healthcheck.test", service.Container.Healthcheck?.Test),
            Nulls($"spec.services[{i}].container.environment", service.Container.Environment.Values),
            Nulls($"spec.services[{i}].container.labels", service.Container.Labels.Values),
            Nulls($"spec.services[{i}].labels", service.Labels.Values),
            Nulls($"spec.services[{i}].placement.constraints", service.Placement?.Constraints),
            Nulls($"spec.services[{i}].placement.spreadPreferences", service.Placement?.SpreadPreferences),
            Nulls($"spec.services[{i}].placement.preferences", service.Placement?.Preferences),
            Nulls($"spec.services[{i}].placement.platforms", service.Placement?.Platforms),
            Nulls($"spec.services[{i}].placement.affinities", service.Placement?.Affinities),
            Nulls($"spec.services[{i}].placement.serviceAffinities", service.Placement?.ServiceAffinities),
            Nulls($"spec.services[{i}].placement.tolerations", service.Placement?.Tolerations),
            Nulls($"spec.services[{i}].resources.devices", service.Resources.Devices),
            Nulls($"spec.services[{i}].rollout.steps", service.Rollout?.Steps),
            Nulls($"spec.services[{i}].network.networks", service.Network?.Networks),
            Nulls($"spec.services[{i}].network.policy.ingress", service.Network?.Policy?.Ingress),
            Nulls($"spec.services[{i}].network.policy.egress", service.Network?.Policy?.Egress),
            .. ((IEnumerable<(string Name, ProbeSpec? Probe)>)[("startup", service.Probes?.Startup), ("readiness", service.Probes?.Readiness), ("liveness", service.Probes?.Liveness)]).SelectMany(probe => (IEnumerable<IEnumerable<string>>)
            [
                Nulls($"spec.services[{i}].probes.{probe.Name}.exec.command", probe.Probe?.Exec?.Command),
                Nulls($"spec.services[{i}].probes.{probe.Name}.http.headers", probe.Probe?.Http?.Headers.Values),
            ]),
        ]).SelectMany(errors => errors)));
    }

    private static IEnumerable<string> CheckService(string place, ServiceSpec service)
    {
        if (!NameRules.IsName(service.Name))
        {
            yield return $"{place}.name: '{service.Name}' is no name; write lower-case letters, digits, '-' and '_', at most 63";
        }

        if (string.IsNullOrWhiteSpace(service.Container.Image))
        {
            yield return $"{place}.container.image: it is missing; name an image";
        }

        foreach (var name in service.Container.Environment.Keys.Where(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)))
        {
            yield return $"{place}.container.environment: '{name}' is no name of a variable; write one without '='";
        }

        foreach (var error in CheckReplicas($"{place}.replicas", service.Replicas)
                     .Concat(CheckPorts(place, service))
                     .Concat(CheckResources(place, service.Resources))
                     .Concat(CheckTimes(place, service)))
        {
            yield return error;
        }

        for (var i = 0; i < service.Container.Mounts.Count; i++)
        {
            var mount = service.Container.Mounts[i];
            if (!mount.Target.StartsWith('/'))
            {
                yield return $"{place}.container.mounts[{i}].target: '{mount.Target}' is no absolute path";
            }

            if (mount.Type == MountType.Bind && !mount.Source.StartsWith('/'))
            {
                yield return $"{place}.container.mounts[{i}].source: '{mount.Source}' is no absolute path on the node";
            }
        }
    }

    private static IEnumerable<string> CheckPorts(string place, ServiceSpec service)
    {
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            if (port.Target is < 1 or > MaxPort)
            {
                yield return $"{place}.ports[{i}].target: {port.Target} is no port; write 1 to {MaxPort}";
            }

            if (port.Published is < 1 or > MaxPort)
            {
                yield return $"{place}.ports[{i}].published: {port.Published} is no port; write 1 to {MaxPort}, or leave it out for a free one";
            }

            if (port.HostIp is not null && PublishedAddress.Canonical(port.HostIp) != port.HostIp)
            {
                yield return $"{place}.ports[{i}].hostIp: '{port.HostIp}' is no address; write {PublishedAddress.Canonical(port.HostIp) ?? "one of the node's, such as 127.0.0.1"}";
            }

            if (port is { Mode: PortMode.Ingress, Protocol: PortProtocol.Udp } && PublishedAddress.IsIpv6(port.HostIp))
            {
                yield return $"{place}.ports[{i}].hostIp: udp is not served over IPv6 with mode Ingress; write mode Host, or an address of IPv4";
            }
        }
    }

    private static IEnumerable<string> CheckResources(string place, ResourceSpec resources)
    {
        if (resources.LimitCpus is <= 0 or > MaxCpus or double.NaN || resources.ReservedCpus is < 0 or > MaxCpus or double.NaN)
        {
            yield return $"{place}.resources: CPUs must be positive numbers, at most {MaxCpus}";
        }

        if (resources.LimitMemoryBytes is < MinMemoryBytes)
        {
            yield return $"{place}.resources.limitMemoryBytes: {resources.LimitMemoryBytes} is less than the engine's minimum of {MinMemoryBytes}";
        }

        if (resources.ReservedMemoryBytes is < 0 || resources.LimitPids is < 1)
        {
            yield return $"{place}.resources: negative amounts cannot be";
        }

        if (resources.ReservedCpus > resources.LimitCpus || resources.ReservedMemoryBytes > resources.LimitMemoryBytes)
        {
            yield return $"{place}.resources: more is reserved than the limit allows; raise the limit or lower the reservation";
        }
    }

    private static IEnumerable<string> CheckTimes(string place, ServiceSpec service)
    {
        if (service.Container.StopGracePeriodSeconds is < 0 or double.NaN or > MaxSeconds)
        {
            yield return $"{place}.container.stopGracePeriodSeconds: write 0 to 86400";
        }

        var check = service.Container.Healthcheck;
        if (((double?[])[check?.IntervalSeconds, check?.TimeoutSeconds, check?.StartIntervalSeconds]).Any(seconds => seconds is < 0.001 or > MaxSeconds or double.NaN)
            || check?.StartPeriodSeconds is < 0 or > MaxSeconds or double.NaN || check?.Retries is < 1)
        {
            yield return $"{place}.container.healthcheck: intervals and timeout must be at least 0.001, the start period 0, retries 1, and times at most {MaxSeconds} seconds";
        }

        if (service.Restart.DelaySeconds is < 0 or double.NaN or > MaxSeconds || service.Restart.MaxAttempts < 0 || service.Restart.WindowSeconds is < 0 or double.NaN or > MaxSeconds)
        {
            yield return $"{place}.restart: delay, attempts and window must not be negative, and delay and window at most {MaxSeconds} seconds";
        }
    }

    private static IEnumerable<string> CheckCycles(ApplicationSpec spec)
    {
        var waiting = spec.Services
            .DistinctBy(service => service.Name)
            .ToDictionary(service => service.Name, service => service.DependsOn.Select(dependency => dependency.Service).ToHashSet());
        while (waiting.FirstOrDefault(entry => !entry.Value.Overlaps(waiting.Keys)) is { Key: not null } free)
        {
            waiting.Remove(free.Key);
        }

        return waiting.Count == 0
            ? []
            : [$"spec.services: {string.Join(", ", waiting.Keys.Order(StringComparer.Ordinal))} wait for each other; break the circle of dependsOn"];
    }

    private static IEnumerable<string> CheckPortsUsedTwice(ApplicationSpec spec) =>
        from port in spec.Services.SelectMany(service => service.Ports.Select(port => (Service: service.Name, Spec: port))).Index()
        where port.Item.Spec.Published is not null
        group port by (port.Item.Spec.Published, port.Item.Spec.Protocol) into users
        let clash = users.Where(user => users.Any(other => other.Index != user.Index && PublishedAddress.Meet(other.Item.Spec.HostIp, user.Item.Spec.HostIp))).ToList()
        where clash.Count > 0
        select $"spec.services: port {users.Key.Published} is published twice, by {string.Join(" and ", clash.Select(user => user.Item.Service).Distinct())}; publish another";
}
