using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A service's spec in the words of placement. What cannot be read was refused at the door, and is left out here.</summary>
public static class TaskGroups
{
    /// <param name="serviceId">The service, as in <see cref="Claim.Service"/>.</param>
    /// <param name="app">Its application.</param>
    /// <param name="others">The services of its application, itself too, and those of others that it has to do with, by <c>app/service</c>: id and spec.</param>
    public static TaskGroup Of(string serviceId, string app, ServiceSpec spec, IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)> others, DemandDefaults defaults)
    {
        var placement = spec.Placement ?? new PlacementSpec();
        var preferences = placement.Preferences.Count > 0 ? placement.Preferences : [.. placement.SpreadPreferences.Select(label => new PreferenceSpec { Attribute = label })];
        return new TaskGroup
        {
            Claim = ClaimOf(serviceId, spec, defaults),
            Pool = placement.Pool ?? NodePool.Default,
            Platforms = [.. placement.Platforms.Select(platform => new Platform(platform.Os, platform.Architecture))],
            Constraints = [.. placement.Constraints.Select(text => ConstraintParser.Parse(text).Constraint).OfType<Constraint>()],
            Tolerations = Tolerations(placement),
            MaxReplicasPerNode = spec.Mode == ServiceMode.Global ? null : placement.MaxReplicasPerNode,
            Preferences = [.. preferences.Select(Preference).OfType<SpreadPreference>()],
            Affinities = [.. placement.Affinities.Select(affinity => ConstraintParser.Parse(affinity.Constraint).Constraint is { } constraint ? new AttributeAffinity(constraint, affinity.Weight) : null).OfType<AttributeAffinity>()],
            ServiceAffinities = [.. Affinities(app, placement, others), .. Mirrored(app, spec.Name, others)],
            Image = ImageName.Full(spec.Container.Image),
            Strategy = placement.Strategy,
            Preemption = spec.Preemption,
            Seed = SeedOf(serviceId),
        };
    }

    public static IReadOnlyList<Toleration> Tolerations(PlacementSpec? placement) =>
        [.. (placement?.Tolerations ?? []).Select(toleration => new Toleration(toleration.Key, toleration.Value, toleration.Effect, toleration.Seconds))];

    public static Claim ClaimOf(string serviceId, ServiceSpec spec, DemandDefaults defaults) => new()
    {
        Service = serviceId,
        Demand = Demand.Of(spec.Resources, defaults),
        Priority = spec.Priority,
        MayBePreempted = spec.Preemption != PreemptionMode.Never,
        Ports = [.. spec.Ports.Where(port => port is { Mode: PortMode.Host, Published: not null }).Select(port => new HostPort(port.Published!.Value, port.Protocol, port.HostIp))],
    };

    private static SpreadPreference? Preference(PreferenceSpec preference) =>
        NodeAttribute.Parse(preference.Attribute) is { } attribute ? new(attribute, preference.MaxSkew, preference.Hard) : null;

    /// <summary>A service of another application that is not there has no tasks, and no id either: its name stands for it.</summary>
    private static IEnumerable<ServiceAffinity> Affinities(string app, PlacementSpec placement, IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)> others) =>
        from affinity in placement.ServiceAffinities
        let full = ServiceReference.Full(app, affinity.Service)
        let isThere = others.ContainsKey(full)
        where isThere || ServiceReference.AppOf(full) != app
        let topology = NodeAttribute.Parse(affinity.Topology)
        where topology is not null
        select new ServiceAffinity(isThere ? others[full].Id : full, ServiceReference.Seen(app, full), topology, affinity.Weight, affinity.Hard);

    /// <summary>Who must not be beside this service keeps it away as well.</summary>
    private static IEnumerable<ServiceAffinity> Mirrored(string app, string name, IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)> others) =>
        from other in others
        where other.Key != ServiceReference.Full(app, name)
        from affinity in KeptAway(ServiceReference.AppOf(other.Key)!, other.Value.Spec)
        where affinity.Service == ServiceReference.Full(app, name)
        let topology = NodeAttribute.Parse(affinity.Affinity.Topology)
        where topology is not null
        select new ServiceAffinity(other.Value.Id, ServiceReference.Seen(app, other.Key), topology, affinity.Affinity.Weight, Hard: true);

    /// <returns>The services that it must not be beside, as <c>app/service</c>.</returns>
    public static IEnumerable<(string Service, ServiceAffinitySpec Affinity)> KeptAway(string app, ServiceSpec spec) =>
        (spec.Placement?.ServiceAffinities ?? []).Where(affinity => affinity is { Hard: true, Weight: < 0 }).Select(affinity => (ServiceReference.Full(app, affinity.Service), affinity));

    private static int SeedOf(string serviceId) =>
        int.TryParse(serviceId.AsSpan(0, Math.Min(7, serviceId.Length)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var seed) ? seed : serviceId.Length;
}
