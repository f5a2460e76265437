using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Network;
using Orchestrator.NodeAgent.Names;
using Orchestrator.NodeAgent.Ports;

namespace Orchestrator.NodeAgent.Network;

/// <summary>
/// This node's part in the cluster's network. What changes is noted at once and applied by one loop, which takes all that has
/// come meanwhile together. It is kept, applied again at the start, and looked after.
/// </summary>
internal sealed class ClusterNetwork : BackgroundService
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<TaskCompletionSource<string?>> _waiting = [];
    private readonly Dictionary<string, long> _toTell = [];
    private readonly NetworkNames _names;
    private readonly Links _links;
    private readonly WireGuardKey? _key;
    private readonly EngineAccept _accept;
    private readonly KernelRules _rules;
    private readonly ClusterBridge _bridge;
    private readonly NamesContainer _namesContainer;
    private readonly NamesProcess _namesProcess;
    private readonly IIngressRouter _router;
    private readonly IBus _bus;
    private readonly NodeAgentOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterNetwork> _logger;
    private readonly HashSet<string> _unconfirmed;
    private NetworkMemory _memory;
    private NetworkMemory? _applied;
    private bool _check = true;
    private bool _answersNames;
    private bool _started = true;
    private bool _lacks;

    public ClusterNetwork(
        ClusterBridge bridge, NamesContainer namesContainer, IIngressRouter router, IBus bus, IOptions<NodeAgentOptions> options, TimeProvider time, ILogger<ClusterNetwork> logger)
    {
        (_bridge, _namesContainer, _router, _bus, _options, _time, _logger) = (bridge, namesContainer, router, bus, options.Value, time, logger);
        _names = new NetworkNames(_options.ClusterId, _options.NodeId);
        _key = _options.NetworkEncryption == NetworkEncryption.WireGuard ? new WireGuardKey(_options.StateFolder) : null;
        _links = new Links(_names, _key is null ? new VxlanTunnel(_names, _options.NetworkPort) : new WireGuardTunnel(_names, _options.NetworkPort, _key));
        (_accept, _rules) = (new EngineAccept(_names), new KernelRules(_names));
        _namesProcess = new NamesProcess(_options.StateFolder, time);
        _memory = _options.Network ? NetworkFile.Read(_options.StateFolder) with { Silent = [] } : new NetworkMemory();
        _unconfirmed = [.. _memory.Containers.Keys];
    }

    /// <summary>The bridge with all containers of the cluster's network.</summary>
    public string Device => _names.Bridge;

    /// <summary>Other nodes that this one sends connections to.</summary>
    public IReadOnlyList<NodeAddress> Peers
    {
        get
        {
            NetworkMemory memory;
            lock (_gate)
            {
                memory = _memory;
            }

            return memory.Peers;
        }
    }

    /// <returns>Null where it is turned off.</returns>
    public async Task<NodeNetworkReport?> ProbeAsync(CancellationToken cancellation)
    {
        if (!_options.Network)
        {
            return null;
        }

        var report = await NetworkProbe.LookAsync(_names, _options, cancellation);
        lock (_gate)
        {
            _lacks = report.Missing.Count > 0;
        }

        return _key is null || report.Missing.Count > 0 ? report : report with { PublicKey = await _key.PublicAsync(cancellation) };
    }

    public void Take(UpdateNodeNetwork network) => Change(memory => memory.Take(network));

    public void Take(UpdateEndpoints endpoints)
    {
        lock (_gate)
        {
            foreach (var service in endpoints.Services)
            {
                _toTell[service.ServiceId] = service.Version;
            }
        }

        Change(memory => memory.Take(endpoints.Services, endpoints.Full));
    }

    /// <summary>Nodes that do not answer this one: connections go elsewhere, before anybody has told so.</summary>
    public void FoundSilent(IReadOnlySet<string> nodes) => Change(memory => memory with { Silent = nodes });

    /// <summary>Gives the task's container an address, and lets it in. From the return on its packets pass.</summary>
    /// <returns>Null where this node has no part in the cluster's network.</returns>
    /// <exception cref="RefusedException">No address is free.</exception>
    public async Task<ContainerNetwork?> JoinAsync(string taskId, TaskSpec spec, CancellationToken cancellation)
    {
        if (!_options.Network)
        {
            return null;
        }

        string address, gateway;
        lock (_gate)
        {
            // At a start what is kept is not applied yet: a container that did not wait for it would be in another network, where nobody reaches it.
            if (_memory.Own is not { } own || (_lacks && _applied?.Own is null))
            {
                return null;
            }

            var subnet = Ipv4Range.Parse(own.Subnet)!.Value;
            gateway = subnet.At(1);
            address = _memory.Containers.GetValueOrDefault(taskId)?.Address ?? _memory.NextAddress(subnet)
                ?? throw new RefusedException(true, $"all addresses of the node's subnet {subnet} are taken; spread the tasks over more nodes, or set a smaller Scheduler__SubnetBits at the schedulers");
            _memory = _memory.Put(new LocalContainer(taskId, spec.ServiceId, spec.App, address, spec.Network ?? new NetworkSpec())) with { LastAddress = address };
        }

        if (await AppliedAsync().WaitAsync(cancellation) is { } reason)
        {
            Release(taskId);
            throw new RefusedException(false, $"the cluster's network is not as it shall be on this node ({reason}); look at the agent's log");
        }

        return new ContainerNetwork(_bridge.Name, address, new EngineNetwork(gateway, _names.Bridge), _answersNames ? gateway : null);
    }

    /// <summary>A container that is there.</summary>
    public void Know(string taskId, TaskSpec spec, string address)
    {
        lock (_gate)
        {
            _unconfirmed.Remove(taskId);
        }

        Volatile.Write(ref _started, true);
        Change(memory => memory.Containers.GetValueOrDefault(taskId) is { } known && known.Address == address
            ? memory
            : memory.Put(new LocalContainer(taskId, spec.ServiceId, spec.App, address, spec.Network ?? new NetworkSpec())));
    }

    /// <summary>What the engine has: of those kept from before, the others are gone.</summary>
    public void Found(IReadOnlySet<string> running)
    {
        List<string> gone;
        lock (_gate)
        {
            gone = [.. _unconfirmed.Where(taskId => !running.Contains(taskId))];
            _unconfirmed.Clear();
        }

        Change(memory => gone.Aggregate(memory, (after, taskId) => after.Drop(taskId)));
    }

    /// <summary>No new connections from this node, from the end of the task returned on.</summary>
    public Task LeaveAsync(string taskId)
    {
        if (!IsKnown(taskId))
        {
            return Task.CompletedTask;
        }

        lock (_gate)
        {
            _memory = _memory.Leave(taskId);
        }

        return AppliedAsync();
    }

    /// <summary>Its container has ended, or was never made.</summary>
    public void Release(string taskId)
    {
        if (IsKnown(taskId))
        {
            Change(memory => memory.Drop(taskId));
        }
    }

    public override void Dispose()
    {
        _rules.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Network)
        {
            return;
        }

        _wake.Writer.TryWrite(true);
        while (true)
        {
            try
            {
                var changed = _wake.Reader.WaitToReadAsync(stoppingToken).AsTask();
                _check |= await Task.WhenAny(changed, Task.Delay(CheckInterval, _time, stoppingToken)) != changed;
                stoppingToken.ThrowIfCancellationRequested();
                _wake.Reader.TryRead(out _);
                await ApplyAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the node must go on: it is tried again until it succeeds.
                Log.NetworkNotApplied(_logger, exception.Message);
                GiveUpWaiting(exception.Message);
                _check = true;
                await Task.Delay(RetryDelay, _time, stoppingToken);
                _wake.Writer.TryWrite(true);
            }
        }
    }

    private void GiveUpWaiting(string reason)
    {
        List<TaskCompletionSource<string?>> waiting;
        lock (_gate)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        waiting.ForEach(waiter => waiter.TrySetResult(reason));
    }

    private async Task ApplyAsync(CancellationToken cancellation)
    {
        NetworkMemory memory;
        List<TaskCompletionSource<string?>> waiting;
        Dictionary<string, long> toTell;
        lock (_gate)
        {
            (memory, waiting, toTell) = (_memory, [.. _waiting], new Dictionary<string, long>(_toTell));
        }

        if (memory.ToNetwork(_names, _options.NetworkPort) is { } network)
        {
            var whole = _check || !ReferenceEquals(_applied?.Network, memory.Network);
            if (whole)
            {
                await _bridge.EnsureAsync(network.Subnet, _names.Bridge, _links.MtuFor(memory.Own!.Address), cancellation);
                await _links.ApplyAsync(memory.Own!, [.. memory.Network!.Nodes.Where(node => node.NodeId != network.NodeId)], memory.Network.Vips, cancellation);
                await _accept.ApplyAsync(cancellation);
                await _rules.CheckAsync(cancellation);
            }

            if (Interlocked.Exchange(ref _started, false) || whole)
            {
                await _links.ReflectAsync(cancellation);
            }

            await _rules.ApplyAsync(network);
            var changed = memory.ChangedSince(_applied);

            // A port that another program held may have come free.
            foreach (var (app, service, endpoints) in PublishedPorts.OfOthers(memory, whole ? [.. memory.Services.Values, .. changed] : changed))
            {
                _router.Follow(app, service, endpoints);
            }

            if (!ReferenceEquals(_applied, memory))
            {
                await Task.WhenAll(Flows.ForgetAsync(_applied, memory, changed, cancellation), NetworkFile.WriteAsync(_options.StateFolder, memory, cancellation));
            }

            if (whole)
            {
                _answersNames = await _namesContainer.EnsureAsync(cancellation) || await _namesProcess.EnsureAsync(cancellation);
            }
        }

        _check = false;
        lock (_gate)
        {
            _applied = memory;
            waiting.ForEach(waiter => _waiting.Remove(waiter));
            foreach (var (service, version) in toTell.Where(told => _toTell.GetValueOrDefault(told.Key) == told.Value))
            {
                _toTell.Remove(service);
            }
        }

        waiting.ForEach(waiter => waiter.TrySetResult(null));
        if (toTell.Count > 0 && memory.Own is not null)
        {
            await TellAsync(toTell, cancellation);
        }
    }

    private async Task TellAsync(Dictionary<string, long> services, CancellationToken cancellation)
    {
        try
        {
            await _bus.Publish(new EndpointsApplied { NodeId = _options.NodeId, Services = services, OccurredAt = _time.GetUtcNow() }, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Who waits for it does so for 2 s.
            Log.ReportsDelayed(_logger, exception.Message);
        }
    }

    private bool IsKnown(string taskId)
    {
        lock (_gate)
        {
            return _memory.Containers.ContainsKey(taskId);
        }
    }

    private void Change(Func<NetworkMemory, NetworkMemory> change)
    {
        lock (_gate)
        {
            _memory = change(_memory);
        }

        _wake.Writer.TryWrite(true);
    }

    /// <returns>Null when all that was noted before is applied, else why it could not be.</returns>
    private Task<string?> AppliedAsync()
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add(done);
        }

        _wake.Writer.TryWrite(true);
        return done.Task;
    }
}
