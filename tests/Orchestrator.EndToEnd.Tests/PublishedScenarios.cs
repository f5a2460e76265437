using System.Net.Sockets;
using System.Text;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Ports, shared networks and policies, between machines. This machine is the client from outside.</summary>
[Collection(nameof(WithLabCluster))]
public sealed class PublishedScenarios(LabCluster cluster)
{
    private const string Pub = """
        services:
          web:
            image: orch-test:1
            pull_policy: never
            ports: ["18090:8080", "19090:9000/udp"]
            networks: { default: , plaza: { aliases: [entry] } }
            deploy: { replicas: 1 }
          db:
            image: orch-test:1
            pull_policy: never
            deploy: { replicas: 1 }
            x-orchestrator:
              network_policy: { ingress: [{ service: web, ports: ["8080"] }], egress: [] }
        networks:
          plaza: { name: plaza }
        """;

    private const string Guest = """
        services:
          guest:
            image: orch-test:1
            pull_policy: never
            networks: [plaza]
        networks:
          plaza: { name: plaza, external: true }
        """;

    private const string Shut = """
        services:
          shut:
            image: orch-test:1
            pull_policy: never
            networks: [inside]
        networks:
          inside: { internal: true }
        """;

    [Fact]
    public async Task APublishedPort_IsAnsweredByEveryNode_ByTcpAndUdp_AndOnLoopback()
    {
        await cluster.DeployAsync("pub", Pub);
        var web = (await cluster.TasksAsync("pub")).Values.Single();
        var page = await cluster.Lab.GetAsync(web, "127.0.0.1:8080");

        // The image serves nothing by udp: a server of this machine does, in the container's network.
        var process = await cluster.Lab.DockerAsync(web.Node, "inspect", "-f", "{{.State.Pid}}", web.Container);
        var served = cluster.Lab.TryAsync("exec", $"{web.Node}", "nsenter", "-t", process, "-n", "timeout", "30", "socat", "UDP4-RECVFROM:9000,fork", "EXEC:echo served");
        foreach (var node in new[] { 1, 2 })
        {
            var address = cluster.Lab.Address(node);
            await Until.IsAsync(() => OutsideAsync(address, 18090), seen => seen == page, $"node {node} answers on the published port");
            await Until.IsAsync(() => UdpAsync(address, 19090), answer => answer == "served", $"node {node} answers by udp");
            Assert.Equal(page, (await cluster.Lab.RunAsync("exec", $"{node}", "busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:18090/")).Trim());
        }

        await served;
    }

    /// <summary>Nodes ask each other: this machine has no IPv6 on the lab.</summary>
    [Fact]
    public async Task APublishedPort_IsAnsweredByEveryNode_OverIpv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6");
        await cluster.DeployAsync("pub", Pub);
        foreach (var node in new[] { 1, 2 })
        {
            await cluster.Lab.RunAsync("exec", $"{node}", "ip", "-6", "addr", "replace", $"fd77::{node}/64", "dev", "eth0", "nodad");
        }

        foreach (var (asking, asked) in new[] { (1, 2), (2, 1), (1, 1), (2, 2) })
        {
            var question = $"exec 3<>/dev/tcp/fd77::{asked}/18090 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
            await Until.IsAsync(
                async () => (await cluster.Lab.TryAsync("exec", $"{asking}", "timeout", "5", "bash", "-c", question)).Output,
                answer => answer.Contains("shop version 1", StringComparison.Ordinal),
                $"node {asked} answers node {asking} over IPv6");
        }
    }

    [Fact]
    public async Task AnExternalNetwork_IsShared_AndRefusedWhereNobodyBringsIt()
    {
        await cluster.DeployAsync("pub", Pub);
        await cluster.DeployAsync("guest", Guest);
        var guest = (await cluster.TasksAsync("guest", "guest")).Values.Single();
        Assert.StartsWith("shop version 1", await Until.IsAsync(() => cluster.Lab.GetAsync(guest, "entry:8080"), page => !page.StartsWith("none", StringComparison.Ordinal), "the alias is known"), StringComparison.Ordinal);
        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(guest, "web.pub:8080"), StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(guest, "db.pub:8080"), StringComparison.Ordinal);

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Guest.Replace("plaza", "nowhere", StringComparison.Ordinal));
        var refused = await cluster.Lab.OrchAsync("deploy", "-f", file, "--app", "lost");
        Assert.Contains("lost/guest: there is no network 'nowhere'", refused.Error + refused.Output, StringComparison.Ordinal);
        Assert.Equal(1, refused.ExitCode);
        File.Delete(file);
    }

    [Fact]
    public async Task APolicy_AllowsWhatItNames_BothWays()
    {
        await cluster.DeployAsync("pub", Pub);
        var (web, db) = ((await cluster.TasksAsync("pub")).Values.Single(), (await cluster.TasksAsync("pub", "db")).Values.Single());
        await Until.IsAsync(() => cluster.Lab.GetAsync(web, "db:8080"), page => page.StartsWith("shop version 1", StringComparison.Ordinal), "web may ask db");
        Assert.Contains("refused", await cluster.Lab.GetAsync(web, "db:8081"), StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(db, "web:8080"), StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(db, cluster.Lab.Address(1) + ":18090"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInternalNetwork_LeadsNowhereElse()
    {
        await cluster.DeployAsync("shut", Shut);
        var shut = (await cluster.TasksAsync("shut", "shut")).Values.Single();
        Assert.Contains("refused", await cluster.Lab.GetAsync(shut, cluster.Lab.HostAddress + ":5672"), StringComparison.Ordinal);
        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(shut, "shut:8080"), StringComparison.Ordinal);
    }

    private static async Task<string> OutsideAsync(string address, int port)
    {
        var result = await Shell.RunAsync("busybox", ["timeout", "3", "busybox", "wget", "-q", "-O", "-", $"http://{address}:{port}/"]);
        return result.Output.Trim();
    }

    private static async Task<string> UdpAsync(string address, int port)
    {
        using var client = new UdpClient(address, port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        try
        {
            await client.SendAsync(Encoding.ASCII.GetBytes("hi"), limit.Token);
            return Encoding.ASCII.GetString((await client.ReceiveAsync(limit.Token)).Buffer).Trim();
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return "";
        }
    }
}
