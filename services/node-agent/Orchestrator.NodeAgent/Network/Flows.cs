using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>
/// What the kernel remembers of where packets go. Those of UDP have no beginning: a client's go where his first went, until it forgets that. A connection
/// that a dead machine never answered is tried again by its client, or its port is used again, and would go to that machine for two minutes.
/// </summary>
internal static class Flows
{
    /// <param name="before">Applied last.</param>
    /// <param name="after">Applied now.</param>
    /// <param name="changed">Services that are not the same in both.</param>
    public static async Task ForgetAsync(NetworkMemory? before, NetworkMemory after, IReadOnlyList<ServiceEndpoints> changed, CancellationToken cancellation)
    {
        if (before is null)
        {
            return;
        }

        var left = after.Left.Except(before.Left).ToHashSet();
        var addresses = changed.Select(service => before.Services.GetValueOrDefault(service.ServiceId)).OfType<ServiceEndpoints>().SelectMany(service => Taking(before, service))
            .Except(changed.Select(service => after.Services.GetValueOrDefault(service.ServiceId)).OfType<ServiceEndpoints>().SelectMany(service => Taking(after, service)))
            .Concat(left.Count > 0 ? before.Services.Values.SelectMany(service => service.Tasks).Where(task => left.Contains(task.TaskId)).Select(task => task.Address) : []);
        foreach (var address in await WithFlowsAsync(addresses.ToHashSet(), cancellation))
        {
            await Tool.TryAsync("conntrack", ["-D", "-p", "udp", "--reply-src", address], null, cancellation);
        }

        var silent = after.Silent.Except(before.Silent).ToHashSet();
        foreach (var task in silent.Count == 0 ? [] : after.Services.Values.SelectMany(service => service.Tasks).Where(task => silent.Contains(task.NodeId)))
        {
            await Tool.TryAsync("conntrack", ["-D", "-p", "tcp", "--state", "SYN_SENT", "--reply-src", task.Address], null, cancellation);
        }
    }

    /// <summary>Each look walks all that the kernel knows of connections: one tells for many addresses.</summary>
    private static async Task<IReadOnlyCollection<string>> WithFlowsAsync(HashSet<string> addresses, CancellationToken cancellation)
    {
        if (addresses.Count <= 1)
        {
            return addresses;
        }

        var (_, flows, _) = await Tool.TryAsync("conntrack", ["-L", "-p", "udp"], null, cancellation);
        var sources = flows.Split([' ', '\n']).Where(word => word.StartsWith("src=", StringComparison.Ordinal)).Select(word => word[4..]).ToHashSet();
        return [.. addresses.Where(sources.Contains)];
    }

    private static IEnumerable<string> Taking(NetworkMemory memory, ServiceEndpoints service) =>
        service.Removed ? [] : memory.Taking(service).Select(task => task.Address);
}
