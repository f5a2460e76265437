using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The way between nodes through WireGuard: the kernel's, or the program's that does the same.</summary>
[Trait("Lane", "faults")]
public sealed class WireGuardOnLab(LabOfWireGuard lab) : IClassFixture<LabOfWireGuard>
{
    private const string Device = "$(wg show interfaces)";
    private static readonly int[] Nodes = [1, 2];

    [Fact]
    public async Task ContainersReachEachOther_WithPacketsOfAnySize_ThroughItAlone()
    {
        var tasks = await TasksAsync();
        await Until.IsAsync(() => PageAsync(tasks[1], tasks[2].Address), IsPage, "the other node is reached");

        // 28 bytes of ICMP and IPv4 before what is sent, and 60 of WireGuard around it.
        var mtu = int.Parse(await ShellAsync(1, "cat /sys/class/net/eth0/mtu"), System.Globalization.CultureInfo.InvariantCulture);
        foreach (var size in new[] { 56, mtu - 60 - 28, 20_000 })
        {
            var ping = await lab.Lab.InAsync(tasks[1], 10, "ping", "-c", "2", "-W", "2", "-s", $"{size}", tasks[2].Address);
            Assert.True(ping.ExitCode == 0, $"{size}: {ping.Output}");
        }

        Assert.True(IsPage(await PageAsync(tasks[2], "web")), "the service answers by its name");
        foreach (var node in Nodes)
        {
            Assert.Equal($"{mtu - 60}", await ShellAsync(node, $"cat /sys/class/net/{Device}/mtu"));
            var counts = (await ShellAsync(node, $"wg show {Device} transfer")).Split('\t');
            Assert.All(counts[1..], bytes => Assert.True(long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture) > 40_000, bytes));
            Assert.Equal("", await ShellAsync(node, "ip link show type vxlan"));
        }
    }

    [Fact]
    public async Task ThePrivateKey_StaysOnTheNode_AndThePublicOneIsShown()
    {
        foreach (var node in Nodes)
        {
            var file = Path.Combine(lab.Lab.AgentState(node), "wireguard.key");
            Assert.Equal("600", await ShellAsync(node, $"stat -c %a {file}"));
            var shown = await ShellAsync(node, $"wg show {Device} public-key");
            Assert.Contains($", encrypted by WireGuard, public key {shown}", (await lab.Lab.OrchAsync("node", "inspect", $"node{node}")).OutputOrThrow(), StringComparison.Ordinal);
            Assert.Equal(shown, await ShellAsync(3 - node, $"wg show {Device} peers"));
            Assert.DoesNotContain((await File.ReadAllTextAsync(file)).Trim(), await File.ReadAllTextAsync(Path.Combine(lab.Lab.AgentState(node), "network.json")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ADeviceThatIsGone_ComesBack_WithTheSameKey()
    {
        var tasks = await TasksAsync();
        var key = await ShellAsync(2, $"wg show {Device} public-key");
        await ShellAsync(2, $"ip link del {Device}");
        await Until.IsAsync(() => PageAsync(tasks[1], tasks[2].Address), IsPage, "the other node is reached again", TimeSpan.FromMinutes(2));
        Assert.Equal(key, await ShellAsync(2, $"wg show {Device} public-key"));
    }

    private Task<IReadOnlyDictionary<int, LabTask>> TasksAsync() => Until.IsAsync(
        async () => await lab.Lab.ReadyAsync((await lab.Lab.OrchAsync("ps", "shop/web", "--json")).OutputOrThrow()),
        tasks => tasks.Count == Nodes.Length,
        "a task is ready on each node");

    private async Task<string> PageAsync(LabTask from, string address) => (await lab.Lab.InAsync(from, 10, "wget", "-q", "-O", "-", $"http://{address}:8080/")).Output;

    private Task<string> ShellAsync(int node, string line) => lab.Lab.RunAsync("exec", $"{node}", "sh", "-c", line);

    private static bool IsPage(string page) => page.StartsWith("shop version 1", StringComparison.Ordinal);
}
