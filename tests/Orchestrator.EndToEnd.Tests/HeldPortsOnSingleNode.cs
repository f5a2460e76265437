using System.Net;
using System.Net.Sockets;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Ports of the machine that other programs have.</summary>
public sealed class HeldPortsOnSingleNode(SharedNode shared)
{
    // Below those that the machine gives to clients, of which a node tells after a minute only.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private IInstallation Node => shared.Node;

    [Fact]
    public async Task APortThatAProgramHas_IsRefusedWithItsName_AndTaken_WhenTheProgramHasGone()
    {
        const string app = "held";
        using var listener = Listen(IPAddress.Loopback);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await ToldAsync(ports => ports.ContainsKey(port), $"port {port} is told of");
        var holder = $"{(await File.ReadAllTextAsync("/proc/self/comm")).Trim()}, process {Environment.ProcessId}";

        var refused = await Node.Api.DeployAsync(app, Web(port));
        Assert.Equal("Rejected", refused.Text("state"));
        Assert.Contains($"{app}/web: port {port}/tcp is held on ", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains($" by {holder}; free it there, or publish another", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("is free on no node", (await Node.Api.DeployAsync(app, Web(port, "host"))).ToString(), StringComparison.Ordinal);
        Assert.Empty(await Node.Api.TasksAsync(app, all: true));
        var name = (await Node.Api.ListAsync("nodes"))[0].Text("name");
        Assert.Contains($"127.0.0.1 {port}/tcp by {holder}", (await Node.OrchAsync("node", "inspect", name)).OutputOrThrow(), StringComparison.Ordinal);

        listener.Stop();
        await ToldAsync(ports => !ports.ContainsKey(port), $"port {port} is free");
        Assert.Equal("Accepted", (await Node.Api.DeployAsync(app, Web(port))).Text("state"));
        await Node.Api.RunningAsync(app, "web", 1);
        await RemoveAsync(app);
    }

    /// <summary>Both the relay's listeners and what the engine holds for the node's own containers.</summary>
    [Theory]
    [InlineData("ingress")]
    [InlineData("host")]
    public async Task WhatTheClusterItselfPublishes_IsNobodyElses(string mode)
    {
        var app = "own-" + mode;
        var port = FreePort();
        await Node.Api.DeployAsync(app, Web(port, mode));
        await Node.Api.RunningAsync(app, "web", 1);

        // A program that came later is told of: by then the port of the application was looked at, too.
        using var later = Listen(IPAddress.Any);
        var marker = ((IPEndPoint)later.LocalEndpoint).Port;
        var told = await ToldAsync(ports => ports.ContainsKey(marker), $"port {marker} is told of");
        Assert.DoesNotContain(port, told.Keys);
        Assert.Equal("Accepted", (await Node.Api.DeployAsync(app, Web(port, mode) + "\n    environment: { CHANGED: yes }")).Text("state"));
        await Node.Api.RunningAsync(app, "web", 1, task => task.Text("revision") == "2");
        await RemoveAsync(app);
    }

    [Fact]
    public async Task APortThatAnotherContainerHas_IsTold_WithTheContainersName()
    {
        var port = FreePort();
        var name = $"orch-test-holder-{port}";
        await Engine.RunAsync("run", "-d", "--name", name, "-p", $"127.0.0.1:{port}:8080", "orch-test:1");
        try
        {
            var told = await ToldAsync(ports => ports.ContainsKey(port), $"port {port} is told of");
            Assert.Equal($"container {name}", told[port]);
        }
        finally
        {
            await Engine.RunAsync("rm", "-f", name);
        }
    }

    private Task<Dictionary<int, string>> ToldAsync(Func<Dictionary<int, string>, bool> good, string what) => Until.IsAsync(
        async () => (await Node.Api.GetAsync("nodes/" + (await Node.Api.ListAsync("nodes"))[0].Text("id"))).GetProperty("heldPorts").EnumerateArray()
            .DistinctBy(port => port.GetProperty("port").GetInt32()).ToDictionary(port => port.GetProperty("port").GetInt32(), port => port.Text("holder")),
        good,
        what);

    private static string Web(int port, string mode = "ingress") => $$"""
        services:
          web:
            image: orch-test:1
            pull_policy: never
            stop_grace_period: 1s
            ports: [{ target: 8080, published: {{port}}, mode: {{mode}} }]
            deploy: { update_config: { monitor: 0s }, rollback_config: { monitor: 0s } }
            x-orchestrator: { rollout: { min_healthy_time: 0s } }
        """;

    private static int FreePort()
    {
        using var listener = Listen(IPAddress.Any);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static TcpListener Listen(IPAddress address)
    {
        while (true)
        {
            var listener = new TcpListener(address, Random.Shared.Next(FirstPort, LastPort));
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }
    }

    private async Task RemoveAsync(string app)
    {
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }
}
