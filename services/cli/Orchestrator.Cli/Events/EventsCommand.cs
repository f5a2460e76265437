using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Events;

/// <summary><c>orch events</c></summary>
internal static class EventsCommand
{
    public static Command Create(CliContext context)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what happens" };
        var since = new Option<string?>("--since") { Description = "Only what is not older, such as 10m or 2h" };
        var app = new Option<string?>("--app") { Description = "Only this application's" };
        var json = Printing.JsonOption();
        return new Command("events", "Show what happened") { follow, since, app, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var query = new List<string>();
            if (parsed.GetValue(app) is { } name)
            {
                query.Add($"app={Uri.EscapeDataString(name)}");
            }

            if (parsed.GetValue(since) is { } text)
            {
                var from = context.Time.GetUtcNow() - Timeouts.Read(text);
                query.Add($"since={Uri.EscapeDataString(from.ToString("O", CultureInfo.InvariantCulture))}");
                query.Add("limit=1000");
            }

            var path = "events?" + string.Join('&', query);
            if (parsed.GetValue(follow))
            {
                await FollowAsync(context, client, path, parsed.GetValue(json), cancellation);
                return ExitCodes.Done;
            }

            var events = await client.GetAsync(path, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(events);
                return ExitCodes.Done;
            }

            foreach (var item in events.EnumerateArray())
            {
                await context.Out.WriteLineAsync(EventLine.Of(item.GetProperty("body")));
            }

            return ExitCodes.Done;
        });
    }

    private static async Task FollowAsync(CliContext context, OrchestratorClient client, string path, bool json, CancellationToken cancellation)
    {
        await foreach (var item in client.EventsAsync(path, cancellation))
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                await context.Out.WriteLineAsync(json ? item.GetRawText() : EventLine.Of(item));
                await context.Out.FlushAsync(cancellation);
            }
        }
    }
}
