using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>In a network of its own, with the engine's chain in one of the two kinds of tables that a kernel has.</summary>
public sealed class UninstallTests
{
    [Theory]
    [InlineData("iptables-nft")]
    [InlineData("iptables-legacy")]
    public async Task TheEnginesChain_LosesOurRules_AndNothingElse(string program)
    {
        Assert.SkipUnless(Environment.UserName == "root", "no root");
        var there = await InNetworkOfItsOwnAsync($"{program} -N DOCKER-USER");
        Assert.SkipUnless(there.ExitCode == 0, "no iptables of this kind");
        var cluster = "cluster-" + Guid.NewGuid().ToString("N")[..8];
        var names = new NetworkNames(cluster, "node-1");
        var state = Directory.CreateTempSubdirectory("orch-test-uninstall-");
        try
        {
            var left = await InNetworkOfItsOwnAsync($"""
                set -e
                {program} -N DOCKER-USER
                {program} -A DOCKER-USER -i {names.Tunnel} -m comment --comment {names.Table} -j ACCEPT
                {program} -A DOCKER-USER -o {names.Tunnel} -m comment --comment {names.Table} -j ACCEPT
                {program} -A DOCKER-USER -o {names.Bridge} -m conntrack --ctstate DNAT -m comment --comment {names.Table} -j ACCEPT
                {program} -A DOCKER-USER -i another -j ACCEPT
                export ORCH_CLUSTER_ID={cluster} NodeAgent__NodeId=node-1 NodeAgent__StateFolder={state.FullName}
                dotnet {Repository.Program("Orchestrator.NodeAgent", "Orchestrator.NodeAgent")} uninstall
                {program} -S DOCKER-USER
                """);
            Assert.Equal("-N DOCKER-USER\n-A DOCKER-USER -i another -j ACCEPT\n", left.OutputOrThrow());
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    private static Task<ShellResult> InNetworkOfItsOwnAsync(string script) => Shell.RunAsync("unshare", ["--net", "sh", "-c", script]);
}
