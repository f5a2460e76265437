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
        await ForgetAsync(["-p", "udp"], addresses.ToHashSet(), cancellation);
        if (after.Silent.Except(before.Silent).ToHashSet() is { Count: > 0 } silent)
        {
            var unreachable = after.Services.Values.SelectMany(service => service.Tasks).Where(task => silent.Contains(task.NodeId)).Select(task => task.Address);
            await ForgetAsync(["-p", "tcp", "--state", "SYN_SENT"], unreachable.ToHashSet(), cancellation);
        }
    }

    /// <param name="which">Of the flows, as conntrack has it.</param>
    /// <param name="addresses">That they lead to.</param>
    /// <param name="cancellation">Ends the work.</param>
    private static async Task ForgetAsync(IReadOnlyList<string> which, HashSet<string> addresses, CancellationToken cancellation)
    {
        foreach (var address in await WithFlowsAsync(which, addresses, cancellation))
        {
            await Tool.TryAsync("conntrack", ["-D", .. which, "--reply-src", address], null, cancellation);
        }
    }

    /// <summary>Each look walks all that the kernel knows of connections: one tells for many addresses.</summary>
    private static async Task<IReadOnlyCollection<string>> WithFlowsAsync(IReadOnlyList<string> which, HashSet<string> addresses, CancellationToken cancellation)
    {
        if (addresses.Count <= 1)
        {
            return addresses;
        }

        var (_, flows, _) = await Tool.TryAsync("conntrack", ["-L", .. which], null, cancellation);
        var sources = flows.Split([' ', '\n']).Where(word => word.StartsWith("src=", StringComparison.Ordinal)).Select(word => word[4..]).ToHashSet();
        return [.. addresses.Where(sources.Contains)];
    }

    private static IEnumerable<string> Taking(NetworkMemory memory, ServiceEndpoints service) =>
        service.Removed ? [] : memory.Taking(service).Select(task => task.Address);
}
