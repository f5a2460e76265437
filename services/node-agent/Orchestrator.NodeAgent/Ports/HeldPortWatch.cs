using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Ports;
using Orchestrator.NodeAgent.Join;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>
/// Looks which ports programs of the machine have that are not the cluster's; the node joins again when these are others than it has told.
/// A socket is looked into once, when it is new.
/// </summary>
internal sealed class HeldPortWatch(
    IIngressRouter router, NodeTasks tasks, NodeConnection connection, IContainerRuntime runtime, IOptions<NodeAgentOptions> options, TimeProvider time) : BackgroundService
{
    private readonly Dictionary<ListeningSocket, DateTimeOffset> _since = [];

    // Null: it is one of ours.
    private readonly Dictionary<ListeningSocket, HeldPort?> _known = [];
    private readonly (int First, int Last) _passing = ListeningSockets.PassingPorts();
    private IReadOnlyList<HeldPort> _now = [];

    public IReadOnlyList<HeldPort> Now => Volatile.Read(ref _now);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeldPortsInterval, time);
        do
        {
            await LookAsync(stoppingToken);
            var told = HeldPortRules.Told(_known.Values.OfType<HeldPort>());
            if (!told.SequenceEqual(Now))
            {
                Volatile.Write(ref _now, told);
                connection.Announce();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        // Before and after: what the relay opens or closes meanwhile is its own all the same.
        var own = router.Listening.ToHashSet();
        var sockets = ListeningSockets.Read();
        own.UnionWith(router.Listening);
        var others = sockets.Where(socket => !own.Contains((socket.Address, socket.Port, socket.Protocol))).ToHashSet();
        foreach (var gone in _since.Keys.Where(socket => !others.Contains(socket)).ToList())
        {
            _since.Remove(gone);
            _known.Remove(gone);
        }

        var now = time.GetUtcNow();
        var fresh = others.Where(socket => _since.TryAdd(socket, now) || !_known.ContainsKey(socket)).Where(socket => HeldPortRules.Counts(socket.Port, _since[socket], _passing, now)).ToList();
        var programs = fresh.Count == 0 ? new Dictionary<string, HoldingProgram>() : PortHolder.Of(fresh.Select(socket => socket.Inode).ToHashSet());
        foreach (var socket in fresh)
        {
            if (await HolderAsync(socket, programs.GetValueOrDefault(socket.Inode), cancellation) is { } holder)
            {
                _known[socket] = holder.IsOurs ? null : new HeldPort { Port = socket.Port, Protocol = socket.Protocol, Address = AddressOf(socket), Holder = holder.Name };
            }
        }
    }

    /// <returns>Null: it cannot be told yet.</returns>
    private async Task<PublishingContainer?> HolderAsync(ListeningSocket socket, HoldingProgram? program, CancellationToken cancellation)
    {
        if (program is { IsEngine: false })
        {
            return new PublishingContainer(program.ToString(), false);
        }

        try
        {
            // The engine has it, or the agent may not see who: the engine knows of its own, but of one that it is just starting.
            return await runtime.PublisherAsync(socket.Port, socket.Protocol, cancellation) is { } container ? container with { Name = $"container {container.Name}" }
                : program is null && !IsWantedHere(socket) ? new PublishingContainer("another program", false)
                : null;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && NodeMembership.IsEngineTrouble(exception))
        {
            return null;
        }
    }

    private bool IsWantedHere(ListeningSocket socket) => tasks.Entries.Any(entry =>
        entry.Spec?.Ports.Any(port => port.Mode == PortMode.Host && port.Published == socket.Port && port.Protocol == socket.Protocol) == true);

    private static string? AddressOf(ListeningSocket socket) =>
        socket.Address.Equals(IPAddress.IPv6Any) && !IsFree(socket.Port, socket.Protocol) ? null : socket.Address.ToString();

    /// <summary>A listener on all of IPv6 mostly has all of IPv4 too; the kernel does not show it.</summary>
    private static bool IsFree(int port, PortProtocol protocol)
    {
        var udp = protocol == PortProtocol.Udp;
        using var attempt = new Socket(AddressFamily.InterNetwork, udp ? SocketType.Dgram : SocketType.Stream, udp ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            attempt.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
