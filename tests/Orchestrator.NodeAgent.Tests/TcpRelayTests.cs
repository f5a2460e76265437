using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Ports;

namespace Orchestrator.NodeAgent.Tests;

public sealed class TcpRelayTests : IDisposable
{
    private readonly TcpRelay _relay = new(TimeProvider.System, NullLogger<TcpRelay>.Instance);
    private readonly List<Backend> _backends = [];

    public void Dispose()
    {
        _relay.Dispose();
        _backends.ForEach(backend => backend.Dispose());
    }

    [Fact]
    public async Task Connections_AreDealtInTurn_ToTasksThatTakeThem()
    {
        var target = SingleNode.FreePort();
        var port = Put("a", Start("127.0.0.11", target, "one"), target);
        Assert.Equal(port, Put("b", Start("127.0.0.12", target, "two"), target));
        Put("c", Start("127.0.0.13", target, "never"), target, takes: false);
        var answers = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            answers.Add(await CallAsync(port));
        }

        Assert.Equal(5, answers.Count(answer => answer == "one"));
        Assert.Equal(5, answers.Count(answer => answer == "two"));
    }

    [Fact]
    public async Task ABackendThatRefuses_IsPassedOver()
    {
        var target = SingleNode.FreePort();
        var port = Put("a", "127.0.0.21", target);
        Put("b", Start("127.0.0.22", target, "alive"), target);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("alive", await CallAsync(port));
        }
    }

    [Fact]
    public async Task ARemovedTask_GetsNoNewConnection_AndKeepsTheOneItHas()
    {
        var target = SingleNode.FreePort();
        var port = Put("a", Start("127.0.0.31", target, "one", waitForLine: true), target);
        using var kept = new TcpClient();
        await kept.ConnectAsync(IPAddress.Loopback, port);
        await Until.IsAsync(() => Task.FromResult(_backends[0].Accepted), count => count == 1, "the first is connected");
        Put("b", Start("127.0.0.32", target, "two"), target);
        _relay.Remove("a");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("two", await CallAsync(port));
        }

        await kept.GetStream().WriteAsync("go\n"u8.ToArray());
        Assert.Equal("one", await ReadAsync(kept));
    }

    [Fact]
    public async Task Draining_EndsWithTheLastConnection_AndTakesNoNewOne()
    {
        var target = SingleNode.FreePort();
        var port = Put("a", Start("127.0.0.71", target, "one", waitForLine: true), target);
        using var kept = new TcpClient();
        await kept.ConnectAsync(IPAddress.Loopback, port);
        await Until.IsAsync(() => Task.FromResult(_backends[0].Accepted), count => count == 1, "the first is connected");
        Put("b", Start("127.0.0.72", target, "two"), target);
        var drained = _relay.DrainAsync("a", TimeSpan.FromMinutes(1));
        Assert.Equal(["two", "two", "two"], [await CallAsync(port), await CallAsync(port), await CallAsync(port)]);
        Assert.False(drained.IsCompleted);
        await kept.GetStream().WriteAsync("go\n"u8.ToArray());
        Assert.Equal("one", await ReadAsync(kept));
        kept.Dispose();
        await drained.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Draining_EndsAtItsLimit_WithAConnectionThatStays()
    {
        var target = SingleNode.FreePort();
        var port = Put("a", Start("127.0.0.81", target, "one", waitForLine: true), target);
        using var kept = new TcpClient();
        await kept.ConnectAsync(IPAddress.Loopback, port);
        await Until.IsAsync(() => Task.FromResult(_backends[0].Accepted), count => count == 1, "the first is connected");
        await _relay.DrainAsync("a", TimeSpan.FromMilliseconds(50)).WaitAsync(TimeSpan.FromSeconds(20));
        await kept.GetStream().WriteAsync("go\n"u8.ToArray());
        Assert.Equal("one", await ReadAsync(kept));
    }

    [Fact]
    public Task Draining_WhatIsNotThere_EndsAtOnce() => _relay.DrainAsync("none", TimeSpan.FromMinutes(1)).WaitAsync(TimeSpan.FromSeconds(5));

    [Fact]
    public async Task WithTheLastTask_ThePortIsFree()
    {
        var target = SingleNode.FreePort();
        var port = Put("a", Start("127.0.0.41", target, "one"), target);
        _relay.Remove("a");
        await Assert.ThrowsAsync<SocketException>(() => CallAsync(port));
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    [Fact]
    public void APortThatIsTaken_IsSaid_WithTheProgramThatHasIt()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (ports, problem) = _relay.Put(Endpoint("a", "127.0.0.51", 80, takes: true) with { Ports = [Port(80, port) with { HostIp = null }] });
        Assert.Empty(ports);
        Assert.Equal($"port {port} cannot be bound on this node ({File.ReadAllText("/proc/self/comm").Trim()}, process {Environment.ProcessId} has it); free it, or publish another", problem);
    }

    [Fact]
    public async Task APortOfAllAddresses_IsAnsweredOverIpv4AndIpv6_OneOfOneAddress_ThereAlone()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6");
        var target = SingleNode.FreePort();
        Start("127.0.0.91", target, "one");
        var all = Put("all", null, target);
        Assert.Equal("one", await CallAsync(all));
        Assert.Equal("one", await CallAsync(all, IPAddress.IPv6Loopback));
        var four = Put("four", "0.0.0.0", target);
        Assert.Equal("one", await CallAsync(four));
        await Assert.ThrowsAsync<SocketException>(() => CallAsync(four, IPAddress.IPv6Loopback));
        foreach (var address in new[] { "::", "::1" })
        {
            var six = Put(address, address, target);
            Assert.Equal("one", await CallAsync(six, IPAddress.IPv6Loopback));
            await Assert.ThrowsAsync<SocketException>(() => CallAsync(six));
        }

        Assert.Contains((IPAddress.IPv6Any, all, PortProtocol.Tcp), _relay.Listening);

        int Put(string task, string? hostIp, int target)
        {
            var (ports, problem) = _relay.Put(Endpoint(task, "127.0.0.91", target, takes: true) with { Service = task, Ports = [Port(target, null) with { HostIp = hostIp }] });
            Assert.Null(problem);
            return ports.Single().Published;
        }
    }

    [Fact]
    public async Task WhereAnotherProgramHasAPortOfIpv6Alone_ClientsOfIpv4AreServed()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6");
        using var taken = new TcpListener(IPAddress.IPv6Any, 0);
        taken.Server.DualMode = false;
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var target = SingleNode.FreePort();
        var (_, problem) = _relay.Put(Endpoint("a", Start("127.0.0.92", target, "one"), target, takes: true) with { Ports = [Port(target, port) with { HostIp = null }] });
        Assert.Null(problem);
        Assert.Equal("one", await CallAsync(port));
    }

    [Fact]
    public async Task WhereAPolicyNarrowsWhoMayCome_NobodyComesByIpv6_ButFromThisMachine()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6");
        var own = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(device => device.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal);
        var target = SingleNode.FreePort();
        var endpoint = Endpoint("a", Start("127.0.0.93", target, "one"), target, takes: true) with { Ports = [Port(target, null) with { HostIp = null }] };
        var port = _relay.Put(endpoint with { Narrowed = true }).Ports.Single().Published;
        Assert.Equal("one", await CallAsync(port, IPAddress.IPv6Loopback));
        if (own is not null)
        {
            Assert.Equal("", await CallAsync(port, own));
            _relay.Put(endpoint);
            Assert.Equal("one", await CallAsync(port, own));
        }
    }

    [Fact]
    public async Task MuchData_ComesThroughWhole_BothWays()
    {
        var target = SingleNode.FreePort();
        using var echo = new TcpListener(IPAddress.Parse("127.0.0.61"), target);
        echo.Start();
        var port = Put("a", "127.0.0.61", target);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var server = await echo.AcceptTcpClientAsync();
        var pump = Task.Run(async () =>
        {
            await server.GetStream().CopyToAsync(server.GetStream());
            server.Client.Shutdown(SocketShutdown.Send);
        });
        var sent = new byte[5_000_000];
        Random.Shared.NextBytes(sent);
        var stream = client.GetStream();
        var write = Task.Run(async () =>
        {
            await stream.WriteAsync(sent);
            client.Client.Shutdown(SocketShutdown.Send);
        });
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        await Task.WhenAll(write, pump);
        Assert.Equal(sent, received.ToArray());
    }

    private int Put(string task, string address, int target, bool takes = true)
    {
        var (ports, problem) = _relay.Put(Endpoint(task, address, target, takes));
        Assert.Null(problem);
        return ports.Single().Published;
    }

    /// <summary>On a port that the node chooses, the same one for all tasks of the service.</summary>
    private static IngressEndpoint Endpoint(string task, string address, int target, bool takes) =>
        new(task, "shop", "web", [Port(target, null)], address, InCluster: false, takes);

    private static PortSpec Port(int target, int? published) => new() { Target = target, Published = published, HostIp = "127.0.0.1" };

    private string Start(string address, int port, string says, bool waitForLine = false)
    {
        _backends.Add(new Backend(address, port, says, waitForLine));
        return address;
    }

    private static async Task<string> CallAsync(int port, IPAddress? address = null)
    {
        using var client = new TcpClient((address ?? IPAddress.Loopback).AddressFamily);
        await client.ConnectAsync(address ?? IPAddress.Loopback, port);
        return await ReadAsync(client);
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Says its name to whoever comes, at once or when spoken to.</summary>
    private sealed class Backend : IDisposable
    {
        private readonly TcpListener _listener;

        public Backend(string address, int port, string says, bool waitForLine)
        {
            _listener = new TcpListener(IPAddress.Parse(address), port);
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Accepted++;
                    using var reader = new StreamReader(client.GetStream());
                    if (waitForLine)
                    {
                        await reader.ReadLineAsync();
                    }

                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(says));
                }
            });
        }

        public int Accepted { get; private set; }

        public void Dispose() => _listener.Dispose();
    }
}
