using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Services;

/// <summary><c>orch service</c></summary>
internal static class ServiceCommands
{
    public static Command Create(CliContext context) => new("service", "Services") { List(context), Inspect(context), Scale(context), RevisionCommands.History(context), RevisionCommands.Diff(context), RevisionCommands.Rollback(context) };

    private static Command List(CliContext context)
    {
        var app = new Option<string?>("--app") { Description = "Only this application's" };
        var json = Printing.JsonOption();
        return new Command("ls", "List services") { app, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var filter = parsed.GetValue(app) is { } name ? $"?app={Uri.EscapeDataString(name)}" : "";
            var services = await client.GetAsync("services" + filter, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(services);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["APP", "NAME", "MODE", "READY", "IMAGE", "REVISION", "ROLLOUT", "PORTS"],
                [.. services.EnumerateArray().Select(service => (string[])
                [
                    service.Text("app"), service.Text("name"), service.Text("mode"), $"{service.Text("ready")}/{service.Text("desired")}",
                    service.Text("image"), service.Text("revision"), service.Text("rollout"), Printing.Ports(service),
                ])]);
            return ExitCodes.Done;
        });
    }

    private static Command Inspect(CliContext context)
    {
        var name = new Argument<string>("service") { Description = "web, or shop/web" };
        var json = Printing.JsonOption();
        return new Command("inspect", "Show all that is known of a service") { name, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var (app, service) = await Names.FindServiceAsync(client, parsed.GetRequiredValue(name), cancellation);
            var found = await client.GetAsync($"services/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(service)}", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(found);
                return ExitCodes.Done;
            }

            await PrintAsync(context, found);
            return ExitCodes.Done;
        });
    }

    private static async Task PrintAsync(CliContext context, JsonElement service)
    {
        var rollout = service.GetProperty("rollout");
        var lines = new List<(string Name, string Value)>
        {
            ("service", $"{service.Text("app")}/{service.Text("name")} ({service.Text("id")})"),
            ("mode", $"{service.Text("mode")}, {service.Text("desired")} wanted, {service.Text("running")} running, {service.Text("ready")} ready"),
            ("image", service.Text("image")),
            ("revision", service.Text("revision")),
            ("ports", Printing.Ports(service)),
        };
        if (rollout.ValueKind == JsonValueKind.Object)
        {
            var reason = rollout.Text("message");
            lines.Add(("rollout", $"{rollout.Text("state")} to revision {rollout.Text("to")}, started {context.Ago(rollout.Text("startedAt"))}{(reason.Length > 0 ? ": " + reason : "")}"));
        }

        lines.AddRange(service.Items("waiting").Select(reason => ("waits", reason.GetString()!)));
        foreach (var (name, value) in lines.Where(line => line.Value.Length > 0))
        {
            await context.Out.WriteLineAsync($"{name,-9} {value}");
        }
    }

    private static Command Scale(CliContext context)
    {
        var words = new Argument<string[]>("service") { Description = "web 3, or web=3", Arity = new ArgumentArity(1, 2) };
        var wait = new Option<bool>("--wait") { Description = "Wait until so many are ready" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command("scale", "Run this many replicas") { words, wait, timeout, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var (name, replicas) = Read(parsed.GetRequiredValue(words));
            var (app, service) = await Names.FindServiceAsync(client, name, cancellation);
            var limit = Timeouts.Read(parsed.GetValue(timeout));
            var deadline = context.Time.GetUtcNow() + limit;
            var taken = await client.PostAsync($"services/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(service)}/scale", new { replicas }, cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), limit, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{app}/{service}: {replicas} replicas accepted");
            }

            return parsed.GetValue(wait)
                ? await new ScaleWait(context, client, app, service, replicas).WaitAsync(deadline, cancellation)
                : ExitCodes.Done;
        });
    }

    private static (string Name, int Replicas) Read(string[] words)
    {
        var parts = words.Length == 2 ? words : words[0].Split('=', 2);
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            ? (parts[0], replicas)
            : throw new CliException(ExitCodes.Usage, $"'{string.Join(' ', words)}': write a service and a number: orch service scale web 3");
    }
}
