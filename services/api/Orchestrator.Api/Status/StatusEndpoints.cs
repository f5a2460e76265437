using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using MassTransit;
using Orchestrator.Api.Dlq;
using Orchestrator.Api.Services;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Status;

internal static class StatusEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void MapStatus(this IEndpointRouteBuilder api) =>
        api.MapGet("/status", async (
            INodeStore nodes, INodeLivenessStore liveness, IServiceStore serviceStore, ServiceReader reader, ICommandStore commands,
            IBusControl bus, BusOptions busOptions, ErrorQueueCounts errorQueues, IOptions<ApiOptions> options, TimeProvider time, CancellationToken cancellation) =>
        {
            var rows = await nodes.PageAsync(after: null, int.MaxValue, cancellation);
            var allNodes = rows.Select(row => row.Node).ToList();
            var seen = (await liveness.ListAsync(cancellation)).ToDictionary(document => document.Id);
            var services = await reader.ListAsync(null, cancellation);
            var waiting = await serviceStore.ListUnschedulableAsync(cancellation);
            var pending = await commands.ListDueAsync(DateTimeOffset.MaxValue, 1000, cancellation);
            var busHealth = bus.CheckHealth();
            return new
            {
                Version = typeof(StatusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                options.Value.ClusterId,
                Bus = new { Transport = busOptions.Broker is null ? "memory" : "rabbitmq", Healthy = busHealth.Status == BusHealthStatus.Healthy },
                Nodes = new { Ready = allNodes.Count(node => IsReady(node, seen)), Total = allNodes.Count },
                Apps = services.Select(service => service.App).Distinct().Count(),
                Services = new { Converged = services.Count(IsConverged), Total = services.Count },
                Tasks = new { Running = services.Sum(service => service.Running), Desired = services.Sum(service => service.Desired) },
                Capacity = new
                {
                    Cpus = allNodes.Sum(node => node.Capacity.Cpus),
                    ReservedCpus = Math.Round(rows.Sum(row => row.Cpus), 6),
                    MemoryBytes = allNodes.Sum(node => node.Capacity.MemoryBytes),
                    ReservedMemoryBytes = rows.Sum(row => row.MemoryBytes),
                },
                CommandsPending = pending.Count,
                Problems = (string[])
                [
                    .. busHealth.Status == BusHealthStatus.Healthy ? Array.Empty<string>() : [$"the bus is not healthy: {busHealth.Description}"],
                    .. Brake(allNodes, seen),
                    .. allNodes.Where(node => !IsReady(node, seen)).Select(node => Unready(node, seen.GetValueOrDefault(node.Id))),
                    .. rows.Where(row => row is { Node.Availability: NodeAvailability.Drain, Tasks: > 0 })
                        .Select(row => $"node {row.Node.Name} is being drained: {row.Tasks} tasks are still there; what is left at {row.Node.DrainUntil:u} is stopped"),
                    .. allNodes.Where(node => node.Orphans.Count > 0).Select(node => $"node {node.Name} runs {node.Orphans.Count} containers that nobody knows; see orch orphans ls"),
                    .. allNodes.Where(node => node.QuarantinedUntil is not null).Select(node => $"node {node.Name} gets no new tasks until {node.QuarantinedUntil:u}: too many containers failed to start on it; mend it, then orch node activate {node.Name}"),
                    .. allNodes.Where(node => node.Pressure is { Memory: true } or { Disk: true })
                        .Select(node => $"node {node.Name} is short of {(node.Pressure!.Memory ? "memory" : "disk space")} and gets no new tasks"),
                    .. Split(allNodes),
                    .. services.Where(service => service.Rollout == nameof(RolloutState.Failed)).Select(service => $"{service.App}/{service.Name}: its rollout fails; see orch service inspect {service.App}/{service.Name}"),
                    .. services.Where(service => service.WaitsForOthers).Select(service => $"{service.App}/{service.Name}: it waits for services that it depends on; see orch service inspect {service.App}/{service.Name}"),
                    .. waiting.Select(service => $"{service.App}/{service.Name}: tasks wait: {string.Join("; ", service.UnschedulableReasons)}"),
                    .. errorQueues.Problems(),
                    .. pending.Where(command => time.GetUtcNow() - command.CreatedAt > Patience).Select(command => $"command {command.Id} ({command.Command} {command.App}) is not answered yet"),
                ],
            };
        });

    private static bool IsReady(NodeDocument node, IReadOnlyDictionary<string, NodeLivenessDocument> seen) =>
        seen.GetValueOrDefault(node.Id)?.Liveness == NodeLiveness.Ready;

    /// <summary>Above the nodes themselves: it says why nothing is moved though they are away.</summary>
    private static string[] Brake(IReadOnlyList<NodeDocument> nodes, IReadOnlyDictionary<string, NodeLivenessDocument> seen)
    {
        var held = nodes.Where(node => seen.GetValueOrDefault(node.Id)?.HeldUntil is not null).ToList();
        return held.Count == 0
            ? []
            : [$"BRAKE: {held.Count} of {nodes.Count} nodes vanished at once, so none is declared lost and nothing is moved until {held.Max(node => seen[node.Id].HeldUntil):u}; if they are gone: orch node confirm-lost {string.Join(' ', held.Select(node => node.Name))}"];
    }

    /// <summary>What one encrypts the other does not understand.</summary>
    private static string[] Split(IReadOnlyList<NodeDocument> nodes)
    {
        var kinds = nodes.Where(node => node.Network is { Subnet: not null, Problems.Count: 0 }).ToLookup(node => node.Network!.PublicKey is not null, node => node.Name);
        return kinds.Count < 2
            ? []
            : [$"containers on {string.Join(", ", kinds[true])} (network encrypted) and on {string.Join(", ", kinds[false])} (not encrypted) do not reach each other; set NodeAgent__NetworkEncryption the same on all nodes"];
    }

    private static string Unready(NodeDocument node, NodeLivenessDocument? seen) =>
        seen is null ? $"node {node.Name} is not heard of" : $"node {node.Name} is {seen.Liveness} since {seen.ChangedAt:u}: {seen.Reason}";

    private static bool IsConverged(ServiceRow service) => service.Rollout == nameof(RolloutState.Completed) && service.Ready + service.Done == service.Desired;
}
