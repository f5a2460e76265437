using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>The engine drops what it forwards and does not know. What our own rules let through is accepted in the chain that it leaves to others.</summary>
internal sealed class EngineAccept(NetworkNames names)
{
    private string[][] Rules =>
    [
        ["-i", names.Tunnel],
        ["-o", names.Tunnel],
        ["-o", names.Bridge, "-m", "conntrack", "--ctstate", "DNAT"],
    ];

    public async Task ApplyAsync(CancellationToken cancellation)
    {
        foreach (var rule in Rules)
        {
            var (code, _, _) = await Tool.TryAsync("iptables", Arguments("-C", rule), null, cancellation);
            if (code != 0)
            {
                await Tool.RunAsync("iptables", Arguments("-I", rule), null, cancellation);
            }
        }
    }

    public async Task RemoveAsync(CancellationToken cancellation)
    {
        foreach (var rule in Rules)
        {
            await Tool.TryAsync("iptables", Arguments("-D", rule), null, cancellation);
        }
    }

    private string[] Arguments(string action, string[] rule) => ["-w", action, "DOCKER-USER", .. rule, "-m", "comment", "--comment", names.Table, "-j", "ACCEPT"];
}
