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

    /// <returns>0 when all is ready, 1 when a rollout fails, 4 at the deadline, 5 when one is rolled back.</returns>
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
                        table.AddRow(Markup.Escape(service.Name), Bar(service), Markup.Escape(service.Line));
                    }

                    live.Refresh();
                    return Task.CompletedTask;
                },
                cancellation);
        });
        return code;
    }

    private async Task<int> FollowAsync(DateTimeOffset deadline, Func<IReadOnlyList<Progress>, Task> show, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wake = new SemaphoreSlim(0);
        var listening = ListenAsync(wake, stop.Token);
        try
        {
            while (true)
            {
                var services = await ReadAsync(cancellation);
                await show(services);
                RefuseOvertaken(services);
                if (services.FirstOrDefault(service => service.IsFailed) is { } failed)
                {
                    await ExplainAsync(failed, "it stays as it is; see orch rollout inspect, and orch ps --all", cancellation);
                    return ExitCodes.Failed;
                }

                if (services.All(service => service.IsDone || service.IsRolledBack))
                {
                    return await EndAsync(services, cancellation);
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

    private async Task<IReadOnlyList<Progress>> ReadAsync(CancellationToken cancellation)
    {
        var name = Uri.EscapeDataString(app);
        var rollouts = (await client.GetAsync($"rollouts?all=true&app={name}", cancellation)).EnumerateArray().ToList();
        var services = (await client.GetAsync($"services?app={name}", cancellation)).EnumerateArray().ToList();
        return Progress.Of(services, rollouts, revisions);
    }

    private async Task<int> EndAsync(IReadOnlyList<Progress> services, CancellationToken cancellation)
    {
        foreach (var service in services.Where(service => service.IsRolledBack))
        {
            await ExplainAsync(service, "it was rolled back", cancellation);
        }

        return services.Any(service => service.IsRolledBack) ? ExitCodes.RolledBack : ExitCodes.Done;
    }

    private async Task<string> WhatIsLateAsync(IReadOnlyList<Progress> services, CancellationToken cancellation)
    {
        var tasks = (await client.GetAsync($"tasks?app={Uri.EscapeDataString(app)}&all=false", cancellation)).EnumerateArray().ToList();
        return string.Join("; ", services.Where(service => !service.IsDone).Select(service =>
        {
            var reason = service.Service.Text("waitsForOthers") == "yes" ? "it waits for services that it depends on"
                : service.State == "AwaitingPromotion" ? $"it waits for orch rollout promote {app}/{service.Name}"
                : tasks.Where(task => task.Text("service") == service.Name && task.Text("ready") == "no").Select(task => task.Text("message")).FirstOrDefault(message => message.Length > 0);
            return $"{app}/{service.Name}{(reason is null ? "" : ": " + reason)}";
        }));
    }

    /// <exception cref="CliException">Another command took services away or changed them: what was asked for will not be.</exception>
    private void RefuseOvertaken(IReadOnlyList<Progress> services)
    {
        foreach (var wanted in revisions.EnumerateObject())
        {
            // One of the same name may be on its way out.
            if (services.FirstOrDefault(service => service.Name == wanted.Name && service.Service.Text("removed") != "yes") is not { } service)
            {
                throw new CliException(ExitCodes.Failed, $"another command removed {app}/{wanted.Name} meanwhile; see orch events --app {app}");
            }

            if (service.IsOvertaken)
            {
                throw new CliException(ExitCodes.Failed, $"another deploy came after this one: {app}/{wanted.Name} goes to revision {service.Service.Text("revision")}; see orch events --app {app}");
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

    private async Task PrintAsync(IReadOnlyList<Progress> services)
    {
        foreach (var service in services)
        {
            var line = $"{app}/{service.Name}: {service.Line}";
            if (_told.GetValueOrDefault(service.Name) != line)
            {
                _told[service.Name] = line;
                await context.Out.WriteLineAsync(line);
            }
        }
    }

    private static string Bar(Progress progress)
    {
        const int width = 20;
        var desired = Math.Max(1, progress.Service.Number("desired"));
        var isUpdate = progress.Rollout.ValueKind == JsonValueKind.Object && progress.Rollout.Text("from").Length > 0;
        var full = Math.Clamp((isUpdate ? progress.Rollout.Number("done") : progress.Service.Number("ready")) * width / desired, 0, width);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', width - full)}[/]";
    }

    private async Task ExplainAsync(Progress service, string after, CancellationToken cancellation)
    {
        var tasks = (await client.GetAsync($"tasks?app={Uri.EscapeDataString(app)}&service={Uri.EscapeDataString(service.Name)}&all=true", cancellation)).EnumerateArray();
        var last = tasks.Where(task => task.Text("state") is "Failed" or "Rejected" && (service.Wanted is null || task.Number("revision") == service.Wanted))
            .OrderBy(task => task.Text("finishedAt"), StringComparer.Ordinal).LastOrDefault();
        var reason = service.Rollout.ValueKind == JsonValueKind.Object && service.Rollout.Text("message") is { Length: > 0 } message ? message
            : last.ValueKind == JsonValueKind.Object ? last.Text("message") : "its tasks fail";
        await context.Error.WriteLineAsync($"orch: {app}/{service.Name} fails: {reason}{Exit(last)}; {after}");
        if (last.ValueKind == JsonValueKind.Object && last.Text("containerId").Length > 0)
        {
            await LogsAsync(last.Text("id"), cancellation);
        }
    }

    private static string Exit(JsonElement task) =>
        task.ValueKind != JsonValueKind.Object || task.Text("exitCode").Length == 0 ? ""
        : $" (exit code {task.Text("exitCode")}{(task.Text("outOfMemory") == "yes" ? ", out of memory" : "")})";

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
