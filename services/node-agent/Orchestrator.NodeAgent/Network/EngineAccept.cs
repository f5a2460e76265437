using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>The engine drops what it forwards and does not know. What our own rules let through is accepted in the chain that it leaves to others.</summary>
internal sealed class EngineAccept(NetworkNames names)
{
    private const string Chain = "DOCKER-USER";

    /// <summary>Names the tables that the kernel has of the older kind: to ask for one would make it.</summary>
    private const string LegacyTables = "/proc/net/ip_tables_names";

    /// <summary>Each goes before those that are there: the last is asked first, and most packets are the tunnel's.</summary>
    private string[][] Rules =>
    [
        ["-o", names.Bridge, "-m", "conntrack", "--ctstate", "DNAT"],
        ["-i", names.Tunnel],
        ["-o", names.Tunnel],
    ];

    public async Task ApplyAsync(CancellationToken cancellation)
    {
        foreach (var program in await ProgramsAsync(cancellation))
        {
            foreach (var rule in Rules)
            {
                var (code, _, _) = await Tool.TryAsync(program, Arguments("-C", rule), null, cancellation);
                if (code != 0)
                {
                    await Tool.RunAsync(program, Arguments("-I", rule), null, cancellation);
                }
            }
        }
    }

    public async Task RemoveAsync(CancellationToken cancellation)
    {
        foreach (var program in await ProgramsAsync(cancellation))
        {
            foreach (var rule in Rules)
            {
                await Tool.TryAsync(program, Arguments("-D", rule), null, cancellation);
            }
        }
    }

    /// <summary>
    /// The kernel has tables of two kinds, each with a program of its own, and packets pass both. Which the engine writes is its machine's choice, which
    /// an agent in a container does not see. What an engine left in the other kind drops packets there, too.
    /// </summary>
    private static async Task<IReadOnlyCollection<string>> ProgramsAsync(CancellationToken cancellation)
    {
        var programs = new HashSet<string>();
        if ((await Tool.TryAsync("nft", ["list", "chain", "ip", "filter", Chain], null, cancellation)).Code == 0)
        {
            programs.Add(OrUsual("iptables-nft"));
        }

        var legacy = OrUsual("iptables-legacy");
        if (HasLegacyFilter() && (await Tool.TryAsync(legacy, ["-w", "-n", "-L", Chain], null, cancellation)).Code == 0)
        {
            programs.Add(legacy);
        }

        // Where the chain is in neither, the machine's own says so.
        return programs.Count > 0 ? programs : ["iptables"];
    }

    /// <summary>Some systems have one kind alone, under the usual name.</summary>
    private static string OrUsual(string program) => Tool.IsThere(program) ? program : "iptables";

    private static bool HasLegacyFilter()
    {
        try
        {
            return File.ReadLines(LegacyTables).Contains("filter");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string[] Arguments(string action, string[] rule) => ["-w", action, Chain, .. rule, "-m", "comment", "--comment", names.Table, "-j", "ACCEPT"];
}
