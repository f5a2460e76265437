using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Network;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Network;

/// <summary>Tells the nodes of the cluster's network how a service is reached, when that has changed.</summary>
internal sealed class EndpointDesk(
    NetworkSettings settings, IServiceStore services, AddressClaims claims, NodeView view, DrainWaits drains, IBus bus, TimeProvider time, ILogger<EndpointDesk> logger)
{
    /// <param name="input">What the pass has read.</param>
    /// <param name="stored">What it has stored.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The service as it is stored now; null when something else changed it meanwhile.</returns>
    public async Task<ServiceDocument?> FollowAsync(ServiceInput input, IReadOnlyList<TaskDocument> stored, CancellationToken cancellation)
    {
        var service = input.Service;
        var nodes = view.AddressesThatAnswer;
        if (service.Network is null && nodes.Count == 0)
        {
            return service;
        }

        var vip = await VipAsync(input, cancellation);
        var endpoints = EndpointMessages.Of(service with { Network = new ServiceNetworkDocument { Vip = vip, Version = service.Network?.Version ?? 0, Told = "" } }, input.Revision.Spec, After(input.Tasks, stored), nodes);
        var hash = EndpointSets.Hash(endpoints);
        var stopping = stored.Where(EndpointMessages.AwaitsDrain).ToList();
        var changed = hash != service.Network?.Told;
        if (!changed && service.DirtySince is null)
        {
            await drains.FinishAsync(stopping, cancellation);
            return service;
        }

        if (changed)
        {
            endpoints = endpoints with { Version = endpoints.Version + 1 };
            var next = service with { Network = new ServiceNetworkDocument { Vip = vip, Version = endpoints.Version, Told = hash }, DirtySince = service.DirtySince ?? time.GetUtcNow() };
            if (!await services.TryReplaceAsync(next, cancellation))
            {
                return null;
            }

            service = next with { Version = next.Version + 1 };
        }

        drains.Expect(service.Id, endpoints.Version, [.. nodes.Select(node => node.NodeId)], stopping);
        await SendAsync(endpoints, nodes, cancellation);
        if (changed)
        {
            await bus.Publish(EndpointMessages.Changed(endpoints, service.Version, time.GetUtcNow()), cancellation);
        }

        return service;
    }

    /// <summary>The service is gone.</summary>
    public async Task ForgetAsync(ServiceDocument service, CancellationToken cancellation)
    {
        if (service.Network is not { } network)
        {
            return;
        }

        if (network.Vip is { } vip)
        {
            await claims.GiveBackAsync(vip, service.Id, cancellation);
        }

        await SendAsync(
            new ServiceEndpoints { ServiceId = service.Id, App = service.App, Service = service.Name, Version = network.Version + 1, Removed = true }, view.AddressesThatAnswer, cancellation);
    }

    private Task SendAsync(ServiceEndpoints endpoints, IReadOnlyList<NodeAddress> nodes, CancellationToken cancellation) =>
        bus.SendManyAsync([.. nodes.Select(node => (NodeQueue.Address(node.NodeId), new UpdateEndpoints { NodeId = node.NodeId, Services = [endpoints] }))], cancellation);

    private async Task<string?> VipAsync(ServiceInput input, CancellationToken cancellation)
    {
        if (input.Revision.Spec.Network?.EndpointMode == EndpointMode.Dnsrr)
        {
            return null;
        }

        if (input.Service.Network?.Vip is { } own && settings.Ranges.Vips.Contains(own))
        {
            return own;
        }

        foreach (var vip in settings.Ranges.VipsFrom(input.Service.Id))
        {
            if (await claims.TryClaimAsync(vip, input.Service.Id, async holder => await services.FindAsync(holder, cancellation) is null, cancellation))
            {
                return vip;
            }
        }

        var reason = $"all {settings.Ranges.Vips.Size - 2} addresses of {settings.Ranges.Vips} for services are taken; set a larger Scheduler__ClusterRange at the schedulers, or write endpoint_mode: dnsrr";
        Log.ServiceWithoutAddress(logger, input.Service.App, input.Service.Name, reason);
        await bus.Publish(
            new AddressesExhausted
            {
                EventId = EventHead.NewId(), OccurredAt = time.GetUtcNow(), App = input.Service.App, Service = input.Service.Name, Version = input.Service.Version, Range = settings.Ranges.Vips.ToString(), Reason = reason,
            },
            cancellation);
        return null;
    }

    private static Dictionary<string, TaskDocument>.ValueCollection After(IReadOnlyList<TaskDocument> read, IReadOnlyList<TaskDocument> stored)
    {
        var after = read.ToDictionary(task => task.Id);
        foreach (var task in stored)
        {
            after[task.Id] = task;
        }

        return after.Values;
    }
}
