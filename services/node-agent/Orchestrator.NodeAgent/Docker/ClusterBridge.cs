using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Network;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>The engine's network on the node's subnet, in which all containers of the cluster's network are.</summary>
internal sealed class ClusterBridge(DockerClient docker, EngineNames names)
{
    private const string MtuOption = "com.docker.network.driver.mtu";

    public string Name => names.ClusterNetwork;

    public async Task EnsureAsync(Ipv4Range subnet, string device, int mtu, CancellationToken cancellation)
    {
        var found = await FindAsync(cancellation);
        if (found is not null && SubnetOf(found) != subnet.ToString())
        {
            found = await TryRemoveAsync(cancellation)
                ? null
                : throw new NetworkException($"the node's subnet was {SubnetOf(found)} and is {subnet} now: drain the node, so that no container has an address of the old one");
        }

        // A tunnel that takes less than the one before: containers that are there learn it by what the kernel answers to too large packets.
        if (found?.Options is { } options && options.TryGetValue(MtuOption, out var had) && had != Text(mtu) && await TryRemoveAsync(cancellation))
        {
            found = null;
        }

        if (found is null)
        {
            await EngineCalls.MeasureAsync("network-create", () => docker.Networks.CreateNetworkAsync(
                new NetworksCreateParameters
                {
                    Name = Name,
                    Driver = "bridge",
                    Labels = names.NodeLabels(),
                    IPAM = new IPAM { Config = [new IPAMConfig { Subnet = subnet.ToString(), Gateway = subnet.At(1) }] },
                    Options = new Dictionary<string, string>
                    {
                        ["com.docker.network.bridge.name"] = device,
                        [MtuOption] = Text(mtu),

                        // Containers keep their address within the cluster; our own rules know where it ends.
                        ["com.docker.network.bridge.enable_ip_masquerade"] = "false",
                    },
                },
                cancellation));
        }
    }

    /// <returns>False when containers are in it.</returns>
    public async Task<bool> TryRemoveAsync(CancellationToken cancellation)
    {
        try
        {
            await EngineCalls.MeasureAsync("network-remove", () => docker.Networks.DeleteNetworkAsync(Name, cancellation));
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Conflict)
        {
            return exception.StatusCode == HttpStatusCode.NotFound;
        }

        return true;
    }

    private async Task<NetworkResponse?> FindAsync(CancellationToken cancellation)
    {
        var filter = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [$"^{Name}$"] = true } };
        return (await EngineCalls.MeasureAsync("network-list", () => docker.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filter }, cancellation))).FirstOrDefault();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? SubnetOf(NetworkResponse network) => network.IPAM?.Config?.FirstOrDefault()?.Subnet;
}
