using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Services;

/// <summary><c>orch service history</c>, <c>diff</c> and <c>rollback</c></summary>
internal static class RevisionCommands
{
    public static Command History(CliContext context)
    {
        var name = new Argument<string>("service") { Description = "web, or shop/web" };
        var json = Printing.JsonOption();
        return new Command("history", "List the revisions that are kept: who, when, why, and what changed") { name, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var history = await client.GetAsync(await PathAsync(client, parsed.GetRequiredValue(name), "history", cancellation), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(history);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["REVISION", "STATE", "IMAGE", "CAUSE", "BY", "CREATED", "CHANGES"],
                [.. history.EnumerateArray().Select(revision => (string[])
                [
                    revision.Text("revision") + (revision.Text("current") == "yes" ? " *" : ""), revision.Text("state"), revision.Text("image"), revision.Text("cause"),
                    revision.Text("requestedBy"), context.Ago(revision.Text("createdAt")), string.Join(", ", revision.Items("changes").Select(change => change.Text("path"))),
                ])]);
            return ExitCodes.Done;
        });
    }

    public static Command Diff(CliContext context)
    {
        var name = new Argument<string>("service") { Description = "web, or shop/web" };
        var from = new Argument<int>("from") { Description = "A revision" };
        var to = new Argument<int>("to") { Description = "Another" };
        var json = Printing.JsonOption();
        return new Command("diff", "Show what is different between two revisions") { name, from, to, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var path = await PathAsync(client, parsed.GetRequiredValue(name), "diff", cancellation);
            var changes = await client.GetAsync(FormattableString.Invariant($"{path}?from={parsed.GetRequiredValue(from)}&to={parsed.GetRequiredValue(to)}"), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(changes);
                return ExitCodes.Done;
            }

            foreach (var change in changes.EnumerateArray())
            {
                await context.Out.WriteLineAsync($"{change.Text("path")}: {Value(change, "before")} -> {Value(change, "after")}");
            }

            return ExitCodes.Done;
        });
    }

    public static Command Rollback(CliContext context)
    {
        var name = new Argument<string>("service") { Description = "web, or shop/web" };
        var to = new Option<int?>("--to") { Description = "The revision; default: the newest that completed and is another" };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is done" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command("rollback", "Go back to an earlier revision") { name, to, wait, timeout, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var limit = Timeouts.Read(parsed.GetValue(timeout));
            var deadline = context.Time.GetUtcNow() + limit;
            var (app, service) = await Names.FindServiceAsync(client, parsed.GetRequiredValue(name), cancellation);
            var taken = await client.PostAsync($"services/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(service)}/rollback", new { To = parsed.GetValue(to) }, cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), limit, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{app}/{service}: accepted, as revision {answer.GetProperty("revisions").Text(service)}");
            }

            var wanted = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [service] = answer.GetProperty("revisions").GetProperty(service) });
            return parsed.GetValue(wait)
                ? await new Convergence(context, client, app, wanted, quiet: parsed.GetValue(json)).WaitAsync(deadline, cancellation)
                : ExitCodes.Done;
        });
    }

    private static async Task<string> PathAsync(OrchestratorClient client, string name, string part, CancellationToken cancellation)
    {
        var (app, service) = await Names.FindServiceAsync(client, name, cancellation);
        return $"services/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(service)}/{part}";
    }

    private static string Value(JsonElement change, string side) => change.Text(side) is { Length: > 0 } text ? text : "(none)";
}
