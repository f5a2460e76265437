using System.Text.Json;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;
using Spectre.Console;

namespace Orchestrator.Cli.Deploy;

/// <summary>Waits until the services of an application are at the revisions wanted, and ready. Events wake it; what counts is what is stored.</summary>
internal sealed class Convergence(CliContext context, OrchestratorClient client, string app, JsonElement revisions, bool quiet)
{
    private const int LogLines = 10;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, string> _told = [];

    /// <returns>0 when all is ready, 1 when a rollout fails, 4 at the deadline.</returns>
    public async Task<int> WaitAsync(DateTimeOffset deadline, CancellationToken cancellation)
    {
        if (!context.IsTerminal || quiet)
        {
            return await FollowAsync(deadline, quiet ? _ => Task.CompletedTask : PrintAsync, cancellation);
        }

        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn("service").AddColumn("bar").AddColumn("state");
        var code = ExitCodes.Failed;
        await context.Console().Live(table).StartAsync(async live =>
        {
            code = await FollowAsync(
                deadline,
                services =>
                {
                    table.Rows.Clear();
                    foreach (var service in services)
                    {
                        table.AddRow(Markup.Escape(service.Text("name")), Bar(service), Markup.Escape(Line(service)));
                    }

                    live.Refresh();
                    return Task.CompletedTask;
                },
                cancellation);
        });
        return code;
    }

    private async Task<int> FollowAsync(DateTimeOffset deadline, Func<IReadOnlyList<JsonElement>, Task> show, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wake = new SemaphoreSlim(0);
        var listening = ListenAsync(wake, stop.Token);
        try
        {
            while (true)
            {
                var services = (await client.GetAsync($"services?app={Uri.EscapeDataString(app)}", cancellation)).EnumerateArray().ToList();
                await show(services);
                RefuseOvertaken(services);
                if (services.FirstOrDefault(IsFailed) is { ValueKind: JsonValueKind.Object } failed)
                {
                    await ExplainAsync(failed, cancellation);
                    return ExitCodes.Failed;
                }

                if (services.All(IsConverged))
                {
                    return ExitCodes.Done;
                }

                if (context.Time.GetUtcNow() >= deadline)
                {
                    throw new CliException(ExitCodes.TimedOut, $"{await WhatIsLateAsync(services, cancellation)}; not ready in time; it goes on; see orch ps and orch status");
                }

                await wake.WaitAsync(LookAgain, cancellation);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    private async Task<string> WhatIsLateAsync(IReadOnlyList<JsonElement> services, CancellationToken cancellation)
    {
        var tasks = (await client.GetAsync($"tasks?app={Uri.EscapeDataString(app)}&all=false", cancellation)).EnumerateArray().ToList();
        return string.Join("; ", services.Where(service => !IsConverged(service)).Select(service =>
        {
            var reason = service.Text("waitsForOthers") == "yes"
                ? "it waits for services that it depends on"
                : tasks.Where(task => task.Text("service") == service.Text("name") && task.Text("ready") == "no").Select(task => task.Text("message")).FirstOrDefault(message => message.Length > 0);
            return $"{app}/{service.Text("name")}{(reason is null ? "" : ": " + reason)}";
        }));
    }

    /// <exception cref="CliException">Another command took services away or changed them: what was asked for will not be.</exception>
    private void RefuseOvertaken(IReadOnlyList<JsonElement> services)
    {
        foreach (var wanted in revisions.EnumerateObject())
        {
            // One of the same name may be on its way out.
            var service = services.FirstOrDefault(service => service.Text("name") == wanted.Name && service.Text("removed") != "yes");
            if (service.ValueKind != JsonValueKind.Object)
            {
                throw new CliException(ExitCodes.Failed, $"another command removed {app}/{wanted.Name} meanwhile; see orch events --app {app}");
            }

            if (service.Number("revision") > wanted.Value.GetInt32())
            {
                throw new CliException(ExitCodes.Failed, $"another deploy came after this one: {app}/{wanted.Name} goes to revision {service.Text("revision")}; see orch events --app {app}");
            }
        }
    }

    private async Task ListenAsync(SemaphoreSlim wake, CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in client.EventsAsync($"events?app={Uri.EscapeDataString(app)}", cancellation))
            {
                wake.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or CliException or ApiProblem)
        {
            // Without events it looks once a second.
        }
    }

    private bool IsConverged(JsonElement service) =>
        service.Text("rollout") == "Completed"
        && (!revisions.TryGetProperty(service.Text("name"), out var wanted) || service.Number("revision") >= wanted.GetInt32())
        && service.Number("ready") + service.Number("done") == service.Number("desired");

    private static bool IsFailed(JsonElement service) => service.Text("rollout") == "Failed";

    private async Task PrintAsync(IReadOnlyList<JsonElement> services)
    {
        foreach (var service in services)
        {
            var line = $"{app}/{service.Text("name")}: {Line(service)}";
            if (_told.GetValueOrDefault(service.Text("name")) != line)
            {
                _told[service.Text("name")] = line;
                await context.Out.WriteLineAsync(line);
            }
        }
    }

    private static string Line(JsonElement service) =>
        $"{service.Number("ready")}/{service.Number("desired")} ready, {service.Number("running")} running, revision {service.Number("revision")} {service.Text("rollout").ToLowerInvariant()}";

    private static string Bar(JsonElement service)
    {
        const int width = 20;
        var desired = Math.Max(1, service.Number("desired"));
        var full = Math.Clamp(service.Number("ready") * width / desired, 0, width);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', width - full)}[/]";
    }

    private async Task ExplainAsync(JsonElement service, CancellationToken cancellation)
    {
        var name = service.Text("name");
        var tasks = (await client.GetAsync($"tasks?app={Uri.EscapeDataString(app)}&service={Uri.EscapeDataString(name)}&all=true", cancellation)).EnumerateArray();
        var last = tasks.Where(task => task.Text("state") is "Failed" or "Rejected").OrderBy(task => task.Text("finishedAt"), StringComparer.Ordinal).LastOrDefault();
        var reason = last.ValueKind == JsonValueKind.Object ? last.Text("message") : "its tasks fail";
        await context.Error.WriteLineAsync($"orch: {app}/{name} fails: {reason}; old tasks stay; attempts go on; deploy a better one, or see orch ps {app}/{name} --all");
        if (last.ValueKind == JsonValueKind.Object && last.Text("containerId").Length > 0)
        {
            await LogsAsync(last.Text("id"), cancellation);
        }
    }

    private async Task LogsAsync(string taskId, CancellationToken cancellation)
    {
        try
        {
            foreach (var line in (await client.GetAsync($"logs?task={taskId}&tail={LogLines}", cancellation)).EnumerateArray())
            {
                await context.Error.WriteLineAsync($"  {line.Text("text")}");
            }
        }
        catch (ApiProblem)
        {
            // The container may be gone; the reason is told already.
        }
    }
}
