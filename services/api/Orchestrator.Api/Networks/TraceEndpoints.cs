using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.State;

namespace Orchestrator.Api.Networks;

internal static class TraceEndpoints
{
    private const string Outside = "outside";

    public static void MapNetworkTrace(this IEndpointRouteBuilder api) => api.MapGet("/net/trace", async (
        string from, string to, int port, IServiceStore services, IRevisionStore revisions, ITaskStore tasks, INodeStore nodes, CancellationToken cancellation) =>
    {
        var source = from == Outside ? null : await FindAsync(from);
        var target = await FindAsync(to);
        if ((source is null && from != Outside) || target is null)
        {
            var missing = target is null ? to : from;
            return Problems.NotFound($"there is no service '{missing}'; write APP/SERVICE (orch service ls){(missing == from ? ", or outside" : "")}");
        }

        var all = (await nodes.ListAsync(cancellation)).ToDictionary(node => node.Id);
        var steps = ConnectionTrace.Of(source, target, port, all);
        return Results.Ok(new { From = from, To = to, Port = port, Passes = steps.All(step => step.Passes), Steps = steps });

        async Task<TracedService?> FindAsync(string name)
        {
            if (name.Split('/') is not [var app, var service] || (await services.ListAsync(app, cancellation)).FirstOrDefault(item => item.Name == service && !item.Removed) is not { } found)
            {
                return null;
            }

            var revision = (await revisions.FindManyAsync([(found.Id, found.Revision)], cancellation)).FirstOrDefault();
            return revision is null ? null : new TracedService(found, revision.Spec, await tasks.ListByServiceAsync(found.Id, cancellation));
        }
    });
}
