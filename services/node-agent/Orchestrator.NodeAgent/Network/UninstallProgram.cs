using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Network;
using Orchestrator.NodeAgent.Names;

namespace Orchestrator.NodeAgent.Network;

/// <summary><c>uninstall</c>: takes the cluster's network off this machine.</summary>
internal static class UninstallProgram
{
    /// <returns>0 all is gone, 1 something is left.</returns>
    public static async Task<int> RunAsync(NodeAgentOptions options)
    {
        var names = new NetworkNames(options.ClusterId, options.NodeId);
        await new EngineAccept(names).RemoveAsync(CancellationToken.None);
        using var rules = new KernelRules(names);
        await rules.RemoveAsync(CancellationToken.None);
        await Links.RemoveAsync(names, CancellationToken.None);
        if (options.StateFolder is { } folder)
        {
            await new NamesProcess(folder, TimeProvider.System).StopAsync();
            File.Delete(NetworkFile.PathIn(folder));
            WireGuardKey.Remove(folder);
        }

        try
        {
            using var docker = NodeAgentServiceCollectionExtensions.Connect(options);
            var inEngine = new EngineNames(options.ClusterId, options.NodeId);
            await NamesContainer.RemoveAsync(docker, inEngine, CancellationToken.None);
            var bridge = new ClusterBridge(docker, inEngine);
            if (await bridge.TryRemoveAsync(CancellationToken.None))
            {
                await Console.Error.WriteLineAsync("node-agent: the cluster's network is off this machine");
                return 0;
            }

            await Console.Error.WriteLineAsync($"node-agent: rules and tunnel are gone, but containers are still in the engine's network {bridge.Name}; remove them, then run this again");
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync($"node-agent: rules and tunnel are gone, but the engine does not answer ({exception.Message}); start it, then run this again to remove its network");
        }

        return 1;
    }
}
