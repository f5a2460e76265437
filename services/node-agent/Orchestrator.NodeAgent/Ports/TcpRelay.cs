using System.Net;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>A relay in user space: one listener per published port, connections dealt in turn to the tasks that take them.</summary>
internal sealed class TcpRelay(TimeProvider time, ILogger<TcpRelay> logger) : IIngressRouter, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IngressEndpoint> _endpoints = [];
    private readonly Dictionary<PortKey, RelayListener> _listeners = [];
    private IReadOnlyList<IngressEndpoint> _others = [];

    public (IReadOnlyList<TaskPort> Ports, string? Problem) Put(IngressEndpoint endpoint)
    {
        lock (_gate)
        {
            _endpoints[endpoint.TaskId] = endpoint;
            var ports = new List<TaskPort>();
            string? problem = null;
            foreach (var port in endpoint.Ports)
            {
                if (port.Protocol == PortProtocol.Udp && !endpoint.InCluster)
                {
                    problem = $"udp port {port.Published} is balanced by the cluster's network alone, and this node has no part in it ('orch node inspect' says why); write mode: host";
                    continue;
                }

                try
                {
                    ports.Add(Bind(KeyOf(endpoint, port), port));
                }
                catch (System.Net.Sockets.SocketException exception)
                {
                    problem = $"port {port.Published} cannot be bound on this node ({exception.Message}); free it, or publish another";
                    Log.PortNotBound(logger, $"{port.HostIp ?? "*"}:{port.Published}", exception.Message);
                }
            }

            Deal();
            return (ports, problem);
        }
    }

    public void Follow(IReadOnlyList<IngressEndpoint> others)
    {
        lock (_gate)
        {
            _others = others;
            foreach (var (endpoint, port) in others.SelectMany(endpoint => endpoint.Ports.Where(port => port.Published is not null).Select(port => (endpoint, port))))
            {
                try
                {
                    Bind(KeyOf(endpoint, port), port);
                }
                catch (System.Net.Sockets.SocketException exception)
                {
                    // Tried again with the next change; the kernel may deal to it all the same.
                    Log.PortNotBound(logger, $"{port.HostIp ?? "*"}:{port.Published}", exception.Message);
                }
            }

            Deal();
            CloseUnwanted();
        }
    }

    public void Remove(string taskId)
    {
        lock (_gate)
        {
            if (_endpoints.Remove(taskId))
            {
                Deal();
                CloseUnwanted();
            }
        }
    }

    private void CloseUnwanted()
    {
        var wanted = _endpoints.Values.Concat(_others).SelectMany(endpoint => endpoint.Ports.Select(port => KeyOf(endpoint, port))).ToHashSet();
        foreach (var key in _listeners.Keys.Where(key => !wanted.Contains(key)).ToList())
        {
            _listeners.Remove(key, out var listener);
            listener!.Dispose();
        }
    }

    public async Task DrainAsync(string taskId, TimeSpan limit)
    {
        List<Task> open;
        lock (_gate)
        {
            var backends = _endpoints.GetValueOrDefault(taskId) is { Address: not null } endpoint
                ? endpoint.Ports.Select(port => KeyOf(endpoint, port)).Where(_listeners.ContainsKey)
                    .Select(key => (_listeners[key].Connections, Backend: new IPEndPoint(IPAddress.Parse(endpoint.Address), key.Target))).ToList()
                : [];
            Remove(taskId);
            open = [.. backends.Select(backend => backend.Connections.EndAsync(backend.Backend))];
        }

        try
        {
            await Task.WhenAll(open).WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            Log.ConnectionsLeftOpen(logger, taskId, limit.TotalSeconds);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var listener in _listeners.Values)
            {
                listener.Dispose();
            }

            _listeners.Clear();
        }
    }

    private static PortKey KeyOf(IngressEndpoint endpoint, PortSpec port) =>
        new(endpoint.App, endpoint.Service, port.Target, port.Published, port.HostIp, port.Protocol);

    private TaskPort Bind(PortKey key, PortSpec port)
    {
        if (!_listeners.TryGetValue(key, out var listener))
        {
            listener = new RelayListener(port.HostIp is { } ip ? IPAddress.Parse(ip) : IPAddress.Any, port.Published ?? 0, port.Protocol);
            _listeners[key] = listener;
        }

        return new TaskPort { Target = port.Target, Published = listener.Port, Protocol = port.Protocol, Mode = PortMode.Ingress, HostIp = port.HostIp };
    }

    private void Deal()
    {
        foreach (var (key, listener) in _listeners)
        {
            listener.Backends =
            [
                .. from endpoint in _endpoints.Values.Concat(_others)
                   where endpoint is { Takes: true, Address: not null } && endpoint.App == key.App && endpoint.Service == key.Service
                   where endpoint.Ports.Any(port => KeyOf(endpoint, port) == key)
                   orderby endpoint.TaskId
                   select new IPEndPoint(IPAddress.Parse(endpoint.Address!), key.Target),
            ];
        }
    }

    private readonly record struct PortKey(string App, string Service, int Target, int? Published, string? HostIp, PortProtocol Protocol);
}
