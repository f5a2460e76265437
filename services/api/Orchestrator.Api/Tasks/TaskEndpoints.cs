using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Tasks;

internal static class TaskEndpoints
{
    private const int ShortestPrefix = 4;

    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tasks", async (string? app, string? service, bool? all, int? limit, string? after, HttpContext http, ITaskStore tasks, INodeStore nodes, INodeLivenessStore liveness, CancellationToken cancellation) =>
        {
            if (service is not null && app is null)
            {
                return Results.Problem("service: name its application too: ?app=…&service=…", statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
            }

            if (!Pages.TryRead<TaskPlace>(after, out var place))
            {
                return Pages.Unknown();
            }

            var page = (await tasks.PageAsync(app, service, all == true, place, Pages.Read(limit), cancellation)).Page(limit, TaskPlace.Of, http);
            var names = await NodeNamesAsync(page, nodes, cancellation);
            var loads = await LoadsAsync(page, liveness, cancellation);
            return Results.Ok(page.Select(task => Row(task, names, loads)));
        });
        api.MapGet("/tasks/{id}", async (string id, ITaskStore tasks, INodeStore nodes, INodeLivenessStore liveness, CancellationToken cancellation) =>
        {
            var found = await FindAsync(tasks, id, cancellation);
            return found.Count switch
            {
                0 => Problems.NotFound($"there is no task '{id}'; give its id, or at least {ShortestPrefix} of its first letters"),
                1 => Results.Ok(Row(found[0], await NodeNamesAsync(found, nodes, cancellation), await LoadsAsync(found, liveness, cancellation))),
                _ => Problems.Conflict($"several tasks begin with '{id}'; give more letters"),
            };
        });
    }

    public static void MapExplanations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tasks/{id}/explanation", async (string id, ITaskStore tasks, IServiceStore services, INodeStore nodes, CancellationToken cancellation) =>
        {
            var found = await FindAsync(tasks, id, cancellation);
            return found.Count switch
            {
                0 => Problems.NotFound($"there is no task '{id}'; give its id, or at least {ShortestPrefix} of its first letters"),
                1 => Results.Ok(Explanations.OfTask(found[0], await services.FindAsync(found[0].ServiceId, cancellation), await NodeNamesAsync(found, nodes, cancellation))),
                _ => Problems.Conflict($"several tasks begin with '{id}'; give more letters"),
            };
        });
        api.MapGet("/services/{app}/{service}/explanation", async (string app, string service, ITaskStore tasks, IServiceStore services, INodeStore nodes, CancellationToken cancellation) =>
        {
            if ((await services.ListAsync(app, cancellation)).LastOrDefault(found => found.Name == service) is not { } found)
            {
                return Problems.NotFound($"there is no service '{app}/{service}'; see orch service ls, or GET /api/v1/services");
            }

            var all = await tasks.ListByServiceAsync(found.Id, cancellation);
            return Results.Ok(Explanations.OfService(found, all, await NodeNamesAsync(all, nodes, cancellation)));
        });
    }

    /// <returns>The task, none, or two of several.</returns>
    public static async Task<IReadOnlyList<TaskDocument>> FindAsync(ITaskStore tasks, string id, CancellationToken cancellation) =>
        await tasks.FindAsync(id, cancellation) is { } exact ? [exact]
        : id.Length >= ShortestPrefix ? await tasks.FindByPrefixAsync(id, 2, cancellation)
        : [];

    private static Task<IReadOnlyDictionary<string, string>> NodeNamesAsync(IEnumerable<TaskDocument> tasks, INodeStore nodes, CancellationToken cancellation) =>
        nodes.FindNamesAsync([.. tasks.Select(task => task.NodeId).OfType<string>().Distinct()], cancellation);

    private static async Task<IReadOnlyDictionary<string, double>> LoadsAsync(IEnumerable<TaskDocument> tasks, INodeLivenessStore liveness, CancellationToken cancellation) =>
        (await liveness.FindManyAsync([.. tasks.Where(task => task.State == TaskState.Running).Select(task => task.NodeId).OfType<string>().Distinct()], cancellation))
        .SelectMany(node => node.Loads).DistinctBy(load => load.Key).ToDictionary();

    private static TaskRow Row(TaskDocument task, IReadOnlyDictionary<string, string> nodeNames, IReadOnlyDictionary<string, double> loads) => new()
    {
        Id = task.Id,
        App = task.App,
        Service = task.Service,
        Slot = task.Slot,
        Node = task.NodeId is { } nodeId ? nodeNames.GetValueOrDefault(nodeId, nodeId) : null,
        State = task.State,
        Desired = task.Desired,
        Ready = task.Ready,
        Health = task.Health,
        Load = task.State == TaskState.Running && loads.TryGetValue(task.Id, out var load) ? load : null,
        Image = task.Image,
        Revision = task.Revision,
        ContainerId = task.ContainerId,
        Ports = task.Ports,
        Message = task.Message,
        CreatedAt = task.CreatedAt,
        RunningAt = task.RunningAt,
        FinishedAt = task.FinishedAt,
        NodeId = task.NodeId,
        ExitCode = task.ExitCode,
        OutOfMemory = task.OutOfMemory,
        Attempt = task.Attempt,
        EngineSeconds = task.EngineSeconds,
        ServiceId = task.ServiceId,
        NodeLost = task.NodeLost,
    };
}
