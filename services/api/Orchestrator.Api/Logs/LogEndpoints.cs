using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Tasks;
using Orchestrator.State;

namespace Orchestrator.Api.Logs;

internal static class LogEndpoints
{
    private const int DefaultTail = 100;
    private const int MaxTail = 100_000;

    public static void MapLogs(this IEndpointRouteBuilder api) =>
        api.MapGet("/logs", async (string? app, string? service, string? task, int? tail, ITaskStore tasks, LogDesk desk, HttpContext http, CancellationToken cancellation) =>
        {
            if (task is null && (app is null || service is null))
            {
                return Results.Problem("name a task, or an application and a service: ?task=… or ?app=…&service=…", statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
            }

            var list = task is not null ? await TaskEndpoints.FindAsync(tasks, task, cancellation) : await tasks.ListAsync(app, service, cancellation);
            if (list.Count == 0 || (task is not null && list.Count > 1))
            {
                return list.Count == 0
                    ? Problems.NotFound(task is not null ? $"there is no task '{task}'; see orch ps, or GET /api/v1/tasks" : $"service '{app}/{service}' has no tasks")
                    : Problems.Conflict($"several tasks begin with '{task}'; give more letters");
            }

            var (lines, problems) = await desk.ReadAsync(list, Math.Clamp(tail ?? DefaultTail, 0, MaxTail), cancellation);
            if (problems.Count > 0 && lines.Count == 0)
            {
                return Results.Problem(string.Join("; ", problems) + "; look at the node agent there, then ask again", statusCode: StatusCodes.Status504GatewayTimeout, title: "No answer");
            }

            if (problems.Count > 0)
            {
                http.Response.Headers["Warning"] = $"199 - \"{string.Join("; ", problems).Replace('"', '\'')}\"";
            }

            var slots = list.ToDictionary(item => item.Id, item => item.Slot);
            return Results.Ok(lines.Select(line => new { line.TaskId, Slot = slots.GetValueOrDefault(line.TaskId), line.Stderr, line.At, line.Text }));
        });
}
