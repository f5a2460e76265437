using System.Net;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>A relay in user space: one listener per published port, connections dealt in turn to the tasks that take them.</summary>
internal sealed class TcpRelay(TimeProvider time, ILogger<TcpRelay> logger) : IIngressRouter, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IngressEndpoint> _endpoints = [];
    private readonly Dictionary<ServiceKey, Dictionary<PortKey, RelayListener>> _listeners = [];
    private readonly Dictionary<ServiceKey, IReadOnlyList<IngressEndpoint>> _others = [];

    public IReadOnlyList<(IPAddress Address, int Port, PortProtocol Protocol)> Listening
    {
        get
        {
            lock (_gate)
            {
                return [.. from listeners in _listeners.Values
                           from listener in listeners
                           from address in listener.Value.Addresses
                           select (address, listener.Value.Port, listener.Key.Protocol)];
            }
        }
    }

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
                    ports.Add(Bind(endpoint, port));
                }
                catch (System.Net.Sockets.SocketException exception)
                {
                    var reason = Reason(port, exception);
                    problem = $"port {port.Published} cannot be bound on this node ({reason}); free it, or publish another";
                    Log.PortNotBound(logger, PublishedAddress.Text(port.HostIp, port.Published), reason);
                }
            }

            Deal(ServiceOf(endpoint));
            return (ports, problem);
        }
    }

    public void Follow(string app, string service, IReadOnlyList<IngressEndpoint> others)
    {
        lock (_gate)
        {
            _others[new ServiceKey(app, service)] = others;
            foreach (var (endpoint, port) in others.SelectMany(endpoint => endpoint.Ports.Where(port => port.Published is not null).Select(port => (endpoint, port))))
            {
                try
                {
                    Bind(endpoint, port);
                }
                catch (System.Net.Sockets.SocketException exception)
                {
                    // Tried again with the next look; the kernel may deal to it all the same.
                    Log.PortNotBound(logger, PublishedAddress.Text(port.HostIp, port.Published), Reason(port, exception));
                }
            }

            Deal(new ServiceKey(app, service));
            CloseUnwanted(new ServiceKey(app, service));
        }
    }

    public void Remove(string taskId)
    {
        lock (_gate)
        {
            if (_endpoints.Remove(taskId, out var endpoint))
            {
                Deal(ServiceOf(endpoint));
                CloseUnwanted(ServiceOf(endpoint));
            }
        }
    }

    private void CloseUnwanted(ServiceKey service)
    {
        var listeners = ListenersOf(service);
        var wanted = EndpointsOf(service).SelectMany(endpoint => endpoint.Ports.Select(KeyOf)).ToHashSet();
        foreach (var key in listeners.Keys.Where(key => !wanted.Contains(key)).ToList())
        {
            listeners.Remove(key, out var listener);
            listener!.Dispose();
        }

        if (listeners.Count == 0)
        {
            _listeners.Remove(service);
        }

        if (_others.GetValueOrDefault(service) is { Count: 0 })
        {
            _others.Remove(service);
        }
    }

    public async Task DrainAsync(string taskId, TimeSpan limit)
    {
        List<Task> open;
        lock (_gate)
        {
            var backends = _endpoints.GetValueOrDefault(taskId) is { Address: not null } endpoint
                ? endpoint.Ports.Select(KeyOf).Where(ListenersOf(ServiceOf(endpoint)).ContainsKey)
                    .Select(key => (ListenersOf(ServiceOf(endpoint))[key].Connections, Backend: new IPEndPoint(IPAddress.Parse(endpoint.Address), key.Target))).ToList()
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
            foreach (var listener in _listeners.Values.SelectMany(listeners => listeners.Values))
            {
                listener.Dispose();
            }

            _listeners.Clear();
        }
    }

    private static string Reason(PortSpec port, System.Net.Sockets.SocketException exception) =>
        exception.SocketErrorCode == System.Net.Sockets.SocketError.AddressAlreadyInUse && port.Published is { } taken && PortHolder.Find(taken, port.Protocol) is { } holder
            ? $"{holder} has it"
            : exception.Message;

    private static ServiceKey ServiceOf(IngressEndpoint endpoint) => new(endpoint.App, endpoint.Service);

    private static PortKey KeyOf(PortSpec port) => new(port.Target, port.Published, port.HostIp, port.Protocol);

    private Dictionary<PortKey, RelayListener> ListenersOf(ServiceKey service)
    {
        if (!_listeners.TryGetValue(service, out var listeners))
        {
            _listeners[service] = listeners = [];
        }

        return listeners;
    }

    private IEnumerable<IngressEndpoint> EndpointsOf(ServiceKey service) =>
        _endpoints.Values.Where(endpoint => ServiceOf(endpoint) == service).Concat(_others.GetValueOrDefault(service, []));

    private TaskPort Bind(IngressEndpoint endpoint, PortSpec port)
    {
        var listeners = ListenersOf(ServiceOf(endpoint));
        if (!listeners.TryGetValue(KeyOf(port), out var listener))
        {
            listener = new RelayListener(port.HostIp is { } ip ? IPAddress.Parse(ip) : IPAddress.Any, port.Published ?? 0, port.Protocol);
            listeners[KeyOf(port)] = listener;
            if (port is { HostIp: null, Protocol: PortProtocol.Tcp } && !listener.TryListenAlso(IPAddress.IPv6Any))
            {
                Log.PortNotBound(logger, PublishedAddress.Text(PublishedAddress.AllOfIpv6, listener.Port), "there is no IPv6, or another program has it; clients of IPv4 are served");
            }
        }

        return new TaskPort { Target = port.Target, Published = listener.Port, Protocol = port.Protocol, Mode = PortMode.Ingress, HostIp = port.HostIp };
    }

    private void Deal(ServiceKey service)
    {
        var open = EndpointsOf(service).All(endpoint => !endpoint.Narrowed);
        foreach (var (key, listener) in ListenersOf(service))
        {
            listener.TakesIpv6 = open;
            listener.Backends =
            [
                .. from endpoint in EndpointsOf(service)
                   where endpoint is { Takes: true, Address: not null } && endpoint.Ports.Any(port => KeyOf(port) == key)
                   orderby endpoint.TaskId
                   select new IPEndPoint(IPAddress.Parse(endpoint.Address!), key.Target),
            ];
        }
    }

    private readonly record struct ServiceKey(string App, string Service);

    private readonly record struct PortKey(int Target, int? Published, string? HostIp, PortProtocol Protocol);
}
