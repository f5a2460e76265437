using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Networks;

/// <summary>Follows a connection by what is stored, and says at which step it would stop. What a container does with it is seen there alone.</summary>
internal static class ConnectionTrace
{
    /// <param name="from">Null: a client outside of the cluster, who asks a published port.</param>
    /// <param name="to">Whom he asks.</param>
    /// <param name="port">At which port.</param>
    /// <param name="nodes">By id.</param>
    /// <returns>Up to the step at which it stops, if it does.</returns>
    public static IReadOnlyList<TraceStep> Of(TracedService? from, TracedService to, int port, IReadOnlyDictionary<string, NodeDocument> nodes)
    {
        var steps = new List<TraceStep>();
        foreach (var step in from is null ? FromOutside(to, port, nodes) : Within(from, to, port, nodes))
        {
            steps.Add(step);
            if (!step.Passes)
            {
                break;
            }
        }

        return steps;
    }

    private static IEnumerable<TraceStep> FromOutside(TracedService to, int port, IReadOnlyDictionary<string, NodeDocument> nodes)
    {
        var published = to.Spec.Ports.FirstOrDefault(item => item.Published == port);
        yield return published is null
            ? new TraceStep("port", false, $"{to.Name} does not publish port {port}; write it under ports")
            : new TraceStep("port", true, $"port {port} leads to port {published.Target} of its containers, mode {published.Mode.ToString().ToLowerInvariant()}");
        yield return Targets(to);
        yield return OnNodes(to, nodes);
        yield return to.Spec.Network?.Policy?.Ingress is { } rules && !rules.Any(rule => rule is { Service: null, App: null } && Allows(rule, published!.Target))
            ? new TraceStep("ingress", false, $"the network_policy of {to.Name} allows nobody from outside at port {published!.Target}; add an ingress rule with a cidr")
            : new TraceStep("ingress", true, "no policy is against it");
        yield return Last(to, published!.Target);
    }

    private static IEnumerable<TraceStep> Within(TracedService from, TracedService to, int port, IReadOnlyDictionary<string, NodeDocument> nodes)
    {
        var sources = from.Tasks.Where(task => task.State == TaskState.Running).ToList();
        yield return sources.Count > 0
            ? new TraceStep("source", true, $"{from.Name} runs {sources.Count} tasks")
            : new TraceStep("source", false, $"{from.Name} runs no task; see orch ps {from.Name}");
        yield return OnNodes(from, nodes) with { Step = "source" };
        var common = from.Networks.Intersect(to.Networks).ToList();
        yield return common.Count > 0
            ? new TraceStep("networks", true, $"both are in {string.Join(", ", common)}")
            : new TraceStep("networks", false, $"they have no network in common ({from.Name}: {string.Join(", ", from.Networks)}; {to.Name}: {string.Join(", ", to.Networks)}); give one a name and use it in the other with external: true");
        yield return Policy("egress", from, from.Spec.Network?.Policy?.Egress, to, port);
        yield return to.Service.Network?.Vip is { } vip
            ? new TraceStep("name", true, $"{to.Service.Name}.{to.Service.App} is {vip}")
            : new TraceStep("name", to.Spec.Network?.EndpointMode == EndpointMode.Dnsrr, to.Spec.Network?.EndpointMode == EndpointMode.Dnsrr ? "its name means its ready tasks" : "it has no address: no node has a part in the cluster's network; see orch node inspect");
        yield return Targets(to);
        yield return OnNodes(to, nodes);
        yield return Policy("ingress", to, to.Spec.Network?.Policy?.Ingress, from, port);
        yield return Last(to, port);
    }

    private static TraceStep Targets(TracedService to)
    {
        var takes = to.Tasks.Where(Takes).ToList();
        var running = to.Tasks.Where(task => task.State == TaskState.Running).ToList();
        return takes.Count > 0
            ? new TraceStep("tasks", true, $"{takes.Count} tasks take connections: {string.Join(", ", takes.Select(task => $"{task.Slot} at {task.Address ?? "its node alone"}"))}")
            : new TraceStep("tasks", false, running.Count == 0 ? $"{to.Name} runs no task; see orch ps {to.Name}" : $"{running.Count} tasks run, and none is ready; see orch explain {to.Name} and its health check or probes");
    }

    private static TraceStep OnNodes(TracedService of, IReadOnlyDictionary<string, NodeDocument> nodes)
    {
        var on = of.Tasks.Where(task => task.State == TaskState.Running && task.NodeId is not null).Select(task => nodes.GetValueOrDefault(task.NodeId!)).OfType<NodeDocument>().DistinctBy(node => node.Id).ToList();
        var outside = on.Where(node => node.Network is not { Subnet: not null, Problems.Count: 0 }).ToList();
        var silent = on.Where(node => node.Liveness >= NodeLiveness.Unreachable).ToList();
        return outside.Count == on.Count && on.Count > 0
            ? new TraceStep("nodes", false, $"no node of {of.Name} has a part in the cluster's network: {outside[0].Name}: {outside[0].Network?.Problems.FirstOrDefault() ?? "it is turned off on the node"}")
            : silent.Count == on.Count && on.Count > 0
                ? new TraceStep("nodes", false, $"all nodes of {of.Name} are silent: {string.Join(", ", silent.Select(node => node.Name))}")
                : new TraceStep("nodes", true, $"{of.Name} is on {string.Join(", ", on.Except(outside).Except(silent).Select(node => $"{node.Name} ({node.Network!.Subnet})"))}");
    }

    private static TraceStep Policy(string side, TracedService whose, IReadOnlyList<NetworkPolicyRule>? rules, TracedService other, int port) => rules switch
    {
        null => new TraceStep(side, true, $"{whose.Name} has no policy for {side}"),
        _ when rules.Any(rule => Names(rule, whose, other) && Allows(rule, port)) => new TraceStep(side, true, $"the network_policy of {whose.Name} allows it"),
        _ => new TraceStep(side, false, $"the network_policy of {whose.Name} does not allow {other.Name} at port {port} for {side}; add a rule for it"),
    };

    // A range of addresses may hold the other's, which is seen in the rules of a node alone.
    private static bool Names(NetworkPolicyRule rule, TracedService whose, TracedService other) => rule switch
    {
        { Cidr: { } cidr } => other.Tasks.Any(task => Ipv4Range.Parse(cidr)?.Contains(task.Address) == true),
        { Service: { } service } => other.Service.Name == service && other.Service.App == (rule.App ?? whose.Service.App),
        { App: { } app } => other.Service.App == app,
        _ => true,
    };

    private static bool Allows(NetworkPolicyRule rule, int port) => rule.Ports.Count == 0 || rule.Ports.Any(text =>
    {
        var range = text.Split('/')[0].Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToList();
        return port >= range[0] && port <= range[^1];
    });

    private static TraceStep Last(TracedService to, int port) =>
        new("container", true, $"the network lets it through; whether {to.Service.Name} listens on port {port} is its own matter: it must listen on 0.0.0.0, not on 127.0.0.1");

    private static bool Takes(TaskDocument task) => task is { State: TaskState.Running, Ready: true, Routed: true, Desired: DesiredState.Run, NodeLost: false };
}
