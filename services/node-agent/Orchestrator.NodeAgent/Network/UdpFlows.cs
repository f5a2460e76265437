using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Packets of UDP have no beginning: those of a client go where his first went, until the kernel forgets that.</summary>
internal static class UdpFlows
{
    public static async Task ForgetAsync(NetworkMemory? before, NetworkMemory after, CancellationToken cancellation)
    {
        if (before is null)
        {
            return;
        }

        foreach (var address in Taking(before).Except(Taking(after)).ToList())
        {
            await Tool.TryAsync("conntrack", ["-D", "-p", "udp", "--reply-src", address], null, cancellation);
        }
    }

    private static IEnumerable<string> Taking(NetworkMemory memory)
    {
        var left = memory.Left.ToHashSet();
        return memory.Services.Values.Where(service => !service.Removed).SelectMany(service => service.Tasks).Where(task => task.Takes && !left.Contains(task.TaskId)).Select(task => task.Address);
    }
}
