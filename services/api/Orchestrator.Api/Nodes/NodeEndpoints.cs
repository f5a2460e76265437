using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Commands;
using Orchestrator.Api.Deploy;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Nodes;

internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder api)
    {
        MapUpdate(api);
        api.MapGet("/nodes", async (int? limit, string? after, HttpContext http, INodeStore nodes, INodeLivenessStore liveness, CancellationToken cancellation) =>
        {
            if (!Pages.TryRead<NamedPlace>(after, out var place))
            {
                return Pages.Unknown();
            }

            var page = (await nodes.PageAsync(place is null ? null : (place.Name, place.Id), Pages.Read(limit), cancellation)).Page(limit, row => new NamedPlace("", row.Node.Name, row.Node.Id), http);
            var seen = (await liveness.FindManyAsync([.. page.Select(row => row.Node.Id)], cancellation)).ToDictionary(document => document.Id);
            return Results.Ok(page.Select(row => NodeRow.Of(row, seen.GetValueOrDefault(row.Node.Id))));
        });
        api.MapGet("/orphans", async (INodeStore nodes, CancellationToken cancellation) =>
            (await nodes.ListAsync(cancellation)).SelectMany(node => node.Orphans.Select(orphan => new
            {
                orphan.TaskId, Node = node.Name, NodeId = node.Id, orphan.Container.App, orphan.Container.Service, orphan.Container.Slot, orphan.Container.Revision,
                orphan.Container.Name, orphan.ContainerId, orphan.SeenAt, orphan.Reason,
            })));
        api.MapGet("/nodes/{id}", async (string id, INodeStore nodes, INodeLivenessStore liveness, ITaskStore tasks, IServiceStore services, CancellationToken cancellation) =>
        {
            var (node, problem) = await FindAsync(id, nodes, cancellation);
            if (node is null)
            {
                return problem!;
            }

            var seen = (await liveness.FindManyAsync([node.Id], cancellation)).FirstOrDefault();
            var reserved = await tasks.FindManyAsync([.. node.Reservations.Keys], cancellation);
            var stays = node.Availability == NodeAvailability.Drain ? await DrainStays.OfAsync(reserved, services, cancellation) : new Dictionary<string, string>();
            return Results.Ok(Detail(node, seen, reserved.ToDictionary(task => task.Id), stays));
        });
        api.MapDelete("/nodes/{id}", async (
            string id, bool? force, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, INodeStore nodes, CommandDesk desk, CancellationToken cancellation) =>
        {
            var (node, problem) = await FindAsync(id, nodes, cancellation);
            if (node is null)
            {
                return problem!;
            }

            var message = new RemoveNode { CommandId = DeployEndpoints.IdOf(key), NodeId = node.Id, Force = force ?? false, RequestedBy = DeployEndpoints.Who(http) };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.RemoveNode, "", CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });
    }

    private static void MapUpdate(IEndpointRouteBuilder api) =>
        api.MapPatch("/nodes/{id}", async (
            string id, NodeUpdateRequest request, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, INodeStore nodes, CommandDesk desk, CancellationToken cancellation) =>
        {
            var (node, problem) = await FindAsync(id, nodes, cancellation);
            if (node is null)
            {
                return problem!;
            }

            var wrong = (request.SetTaints ?? []).Where(text => text is null || NodeTaint.Parse(text) is null).ToList();
            if (wrong.Count > 0)
            {
                return Problems.Invalid(
                    [.. wrong.Select(text => new { Message = $"taint '{text}': write KEY=VALUE:EFFECT, with NoSchedule, PreferNoSchedule or NoExecute" })], "a taint cannot be read; nothing was changed");
            }

            var message = new UpdateNode
            {
                CommandId = DeployEndpoints.IdOf(key),
                NodeId = node.Id,
                Availability = request.Availability,
                Pool = request.Pool,
                SetLabels = request.SetLabels ?? [],
                RemoveLabels = request.RemoveLabels ?? [],
                SetTaints = [.. (request.SetTaints ?? []).Select(text => NodeTaint.Parse(text)!)],
                RemoveTaints = request.RemoveTaints ?? [],
                DrainDeadlineSeconds = request.DrainDeadlineSeconds,
                ConfirmLost = request.ConfirmLost,
                AdoptOrphans = request.AdoptOrphans ?? [],
                StopOrphans = request.StopOrphans ?? [],
                RequestedBy = DeployEndpoints.Who(http),
            };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.UpdateNode, "", CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });

    private static async Task<(NodeDocument? Node, IResult? Problem)> FindAsync(string id, INodeStore nodes, CancellationToken cancellation)
    {
        var named = await nodes.FindByNameAsync(id, cancellation);
        var matches = await nodes.FindAsync(id, cancellation) is { } exact ? named.Append(exact).DistinctBy(node => node.Id).ToList() : named;
        return matches.Count switch
        {
            0 => (null, Problems.NotFound($"there is no node '{id}'; see orch node ls, or GET /api/v1/nodes")),
            1 => (matches[0], null),
            _ => (null, Problems.Conflict($"several nodes are called '{id}'; give the id: {string.Join(", ", matches.Select(node => node.Id))}")),
        };
    }

    private static object Detail(NodeDocument node, NodeLivenessDocument? seen, IReadOnlyDictionary<string, TaskDocument> tasks, IReadOnlyDictionary<string, string> stays)
    {
        var row = NodeRow.Of(ReservedNode.Of(node), seen);
        return new
        {
            row.Id, row.Name, row.Role, row.Liveness, row.Availability, row.Cpus, row.MemoryBytes, row.ReservedCpus, row.ReservedMemoryBytes,
            row.Labels, row.Engine, row.Address, row.LastSeen,
            node.Capacity.DiskBytes,
            node.Platform,
            Pool = node.Pool ?? node.AgentPool ?? "default",
            Taints = node.AllTaints(),
            node.Capacity.Pids,
            node.Capacity.Generic,
            node.Capacity.DeviceIds,
            node.Capacity.SystemCpus,
            node.Capacity.SystemMemoryBytes,
            node.Capacity.OvercommitCpus,
            node.Capacity.OvercommitMemory,
            node.Images,
            node.Network?.Subnet,
            NetworkEncryption = node.Network?.PublicKey is null ? "none" : "wireguard",
            NetworkPublicKey = node.Network?.PublicKey,
            NetworkProblems = node.Network?.Problems ?? ["it is turned off on the node"],
            EngineApiVersion = node.Engine.ApiVersion,
            EngineLabels = node.Engine.Labels,
            LivenessSince = seen?.ChangedAt,
            LivenessReason = seen?.Reason,
            seen?.HeldUntil,
            node.DrainUntil,
            node.QuarantinedUntil,
            node.Pressure,
            node.HeldPorts,
            seen?.Usage,
            node.JoinedAt,
            Reservations = node.Reservations.Select(entry => new
            {
                TaskId = entry.Key,
                App = tasks.GetValueOrDefault(entry.Key)?.App,
                Service = tasks.GetValueOrDefault(entry.Key)?.Service,
                Slot = tasks.GetValueOrDefault(entry.Key)?.Slot,
                entry.Value.Cpus,
                entry.Value.MemoryBytes,
                entry.Value.Priority,
                entry.Value.Pids,
                Generic = entry.Value.Generic ?? new Dictionary<string, long>(),
                DeviceIds = entry.Value.DeviceIds ?? [],
                Ports = entry.Value.Ports ?? [],
                entry.Value.PreemptedFor,
                State = tasks.GetValueOrDefault(entry.Key)?.State,
                entry.Value.ReservedAt,
                Stays = stays.GetValueOrDefault(entry.Key),
            }).OrderBy(reservation => reservation.App).ThenBy(reservation => reservation.Service).ThenBy(reservation => reservation.Slot),
        };
    }
}
