using System.Text.RegularExpressions;

namespace Orchestrator.Contracts;

/// <summary>
/// Says all that cannot be meant about where a service's tasks go, whatever nodes there are. Who reads a file and who accepts a deploy
/// ask the same rules, so that neither lets through what the other refuses.
/// </summary>
public static partial class PlacementRules
{
    public const int MaxPriority = 100;
    public const int MaxWeight = 100;
    public const int MaxItems = 100;
    private const long MaxAmount = 1_000_000_000;
    private const double MaxSeconds = 31_536_000;

    /// <param name="service">A service's spec.</param>
    /// <param name="services">Names of all services of the application.</param>
    /// <param name="app">The application's name, where it is known.</param>
    public static IReadOnlyList<PlacementFault> Check(ServiceSpec service, IReadOnlyCollection<string> services, string? app = null) =>
    [
        .. service.Priority is < 0 or > MaxPriority ? [new PlacementFault("priority", $"priority {service.Priority} cannot be; write 0 to {MaxPriority}")] : Array.Empty<PlacementFault>(),
        .. Resources(service.Resources),
        .. service.Placement is { } placement ? Placement(service, placement, services, app) : [],
    ];

    private static IEnumerable<PlacementFault> Resources(ResourceSpec resources)
    {
        foreach (var (kind, amount) in resources.Generic.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!Name().IsMatch(kind))
            {
                yield return new("resources.generic", $"'{kind}' is no kind of resource; write letters, digits, '.', '-' and '_', at most 63");
            }

            if (amount is < 1 or > MaxAmount)
            {
                yield return new("resources.generic", $"{amount} of {kind} cannot be reserved; write 1 to {MaxAmount}");
            }
        }

        for (var i = 0; i < resources.Devices.Count; i++)
        {
            var device = resources.Devices[i];
            if (!Name().IsMatch(device.Kind))
            {
                yield return new($"resources.devices[{i}]", $"'{device.Kind}' is no kind of device; write one such as gpu");
            }

            if (device.Count == DeviceSpec.AllThereAre && device.Ids.Count == 0)
            {
                if (resources.Generic.ContainsKey(device.Kind) || resources.Devices.Where((other, at) => at != i && other.Kind == device.Kind).Any())
                {
                    yield return new($"resources.devices[{i}]", $"all {device.Kind} are asked for, and some besides; keep one");
                }
            }
            else if (device.Count is < 1 or > (int)MaxWeight || (device.Ids.Count > 0 && (device.Ids.Count != device.Count || device.Ids.Distinct().Count() != device.Count)))
            {
                yield return new($"resources.devices[{i}]", $"{device.Count} devices cannot be; write a count from 1 to {MaxWeight}, {DeviceSpec.AllThereAre} for all of a node, or ids, each once");
            }
        }
    }

    private static IEnumerable<PlacementFault> Placement(ServiceSpec service, PlacementSpec placement, IReadOnlyCollection<string> services, string? app)
    {
        foreach (var (name, count) in new[] { ("constraints", placement.Constraints.Count), ("preferences", placement.Preferences.Count), ("affinities", placement.Affinities.Count), ("serviceAffinities", placement.ServiceAffinities.Count), ("tolerations", placement.Tolerations.Count), ("platforms", placement.Platforms.Count) })
        {
            if (count > MaxItems)
            {
                yield return new($"placement.{name}", $"there are {count}, {MaxItems} are allowed; write fewer");
            }
        }

        if (placement.MaxReplicasPerNode is < 1)
        {
            yield return new("placement.maxReplicasPerNode", $"{placement.MaxReplicasPerNode} leaves no node; write 1 or more");
        }

        if (placement.Pool is { } pool && !Name().IsMatch(pool))
        {
            yield return new("placement.pool", $"'{pool}' is no pool; write letters, digits, '.', '-' and '_', at most 63");
        }

        for (var i = 0; i < placement.Platforms.Count; i++)
        {
            if (placement.Platforms[i].Os.Length == 0 || placement.Platforms[i].Architecture.Length == 0)
            {
                yield return new($"placement.platforms[{i}]", "it is no platform; write one such as linux/amd64");
            }
        }

        foreach (var fault in Constraints(service, placement).Concat(Preferences(placement)).Concat(Affinities(placement)).Concat(ServiceAffinities(placement, services, app)).Concat(Tolerations(placement)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlacementFault> Constraints(ServiceSpec service, PlacementSpec placement)
    {
        var parsed = placement.Constraints.Select(ConstraintParser.Parse).ToList();
        for (var i = 0; i < parsed.Count; i++)
        {
            if (parsed[i].Error is { } error)
            {
                yield return new($"placement.constraints[{i}]", error);
            }
            else if (parsed[i].Constraint is { Operator: ConstraintOperator.Equal } constraint
                && parsed.Take(i).Any(other => other.Constraint is { Operator: ConstraintOperator.Equal } before && before.Attribute == constraint.Attribute && !string.Equals(before.Values[0], constraint.Values[0], StringComparison.OrdinalIgnoreCase)))
            {
                yield return new($"placement.constraints[{i}]", $"'{constraint}' and an earlier one never hold together; keep one, or write {constraint.Attribute} in (…)");
            }
        }

        var pinned = parsed.FirstOrDefault(one => one.Constraint is { Operator: ConstraintOperator.Equal, Attribute.IsTheNodeItself: true })?.Constraint;
        if (service.Mode == ServiceMode.Replicated && placement.MaxReplicasPerNode is { } most and >= 1 && pinned is not null
            && (service.Replicas > most || (service.Replicas == most && service.Update?.Order == UpdateOrder.StartFirst)))
        {
            yield return new("placement.maxReplicasPerNode", service.Replicas > most
                ? $"{service.Replicas} replicas cannot be on the one node of '{pinned}' with {most} per node; write more per node, or fewer replicas"
                : $"an update start-first can never move {most} per node off the one node of '{pinned}'; write order: stop-first, or more per node");
        }
    }

    private static IEnumerable<PlacementFault> Preferences(PlacementSpec placement)
    {
        for (var i = 0; i < placement.Preferences.Count; i++)
        {
            var preference = placement.Preferences[i];
            if (NodeAttribute.Parse(preference.Attribute) is null)
            {
                yield return new($"placement.preferences[{i}]", $"'{preference.Attribute}' is nothing to spread over; write {NodeAttribute.Known}");
            }

            if (preference.MaxSkew < 1)
            {
                yield return new($"placement.preferences[{i}]", $"maxSkew {preference.MaxSkew} cannot be; write 1 or more");
            }

            if (placement.Preferences.Take(i).Any(before => before.Attribute == preference.Attribute))
            {
                yield return new($"placement.preferences[{i}]", $"{preference.Attribute} stands twice; write it once");
            }
        }
    }

    private static IEnumerable<PlacementFault> Affinities(PlacementSpec placement)
    {
        for (var i = 0; i < placement.Affinities.Count; i++)
        {
            var affinity = placement.Affinities[i];
            if (ConstraintParser.Parse(affinity.Constraint).Error is { } error)
            {
                yield return new($"placement.affinities[{i}]", error);
            }

            if (affinity.Weight is 0 or < -MaxWeight or > MaxWeight)
            {
                yield return new($"placement.affinities[{i}]", $"weight {affinity.Weight} cannot be; write −{MaxWeight} to {MaxWeight}, not 0");
            }

            if (placement.Affinities.Take(i).Any(before => before.Constraint == affinity.Constraint))
            {
                yield return new($"placement.affinities[{i}]", $"'{affinity.Constraint}' stands twice; keep one");
            }
        }
    }

    private static IEnumerable<PlacementFault> ServiceAffinities(PlacementSpec placement, IReadOnlyCollection<string> services, string? app)
    {
        for (var i = 0; i < placement.ServiceAffinities.Count; i++)
        {
            var affinity = placement.ServiceAffinities[i];
            if (ServiceFault(affinity.Service, services, app) is { } fault)
            {
                yield return new($"placement.serviceAffinities[{i}]", fault);
            }

            if (NodeAttribute.Parse(affinity.Topology) is null)
            {
                yield return new($"placement.serviceAffinities[{i}]", $"'{affinity.Topology}' is no place; write {NodeAttribute.Known}");
            }

            if (affinity.Weight is 0 or < -MaxWeight or > MaxWeight)
            {
                yield return new($"placement.serviceAffinities[{i}]", $"weight {affinity.Weight} cannot be; write −{MaxWeight} to {MaxWeight}, not 0");
            }

            if (affinity is { Hard: true, Weight: > 0 } && placement.ServiceAffinities.Any(far => far is { Hard: true, Weight: < 0 } && far.Service == affinity.Service
                && (far.Topology == affinity.Topology || affinity.Topology is "node.id" or "node.hostname")))
            {
                yield return new($"placement.serviceAffinities[{i}]", $"the tasks must be near {affinity.Service} by {affinity.Topology} and must not be; remove one of both");
            }
        }
    }

    /// <summary>Other applications come and go: whether a service of theirs is there is seen when tasks are placed.</summary>
    private static string? ServiceFault(string name, IReadOnlyCollection<string> services, string? app) => ServiceReference.AppOf(name) switch
    {
        null => services.Contains(name) ? null : $"there is no service '{name}' in this application; name one of its services, or app/service of another",
        var other when other == app => $"'{name}' is of this application; write {ServiceReference.Seen(app, name)}",
        _ => ServiceReference.IsOfAnother(name) ? null : $"'{name}' names no service; write app/service, both of lower-case letters, digits, '-' and '_'",
    };

    private static IEnumerable<PlacementFault> Tolerations(PlacementSpec placement)
    {
        for (var i = 0; i < placement.Tolerations.Count; i++)
        {
            var toleration = placement.Tolerations[i];
            if (toleration.Seconds is < 0 or > MaxSeconds or double.NaN || (toleration is { Seconds: not null, Effect: not (null or TaintEffect.NoExecute) }))
            {
                yield return new($"placement.tolerations[{i}]", $"seconds: write 0 to {MaxSeconds}, and only with the effect NoExecute");
            }

            if (toleration is { Key: null, Value: not null })
            {
                yield return new($"placement.tolerations[{i}]", "a value stands without its key; write the key too");
            }
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
