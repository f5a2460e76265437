using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Rollouts;

/// <summary><c>orch rollout</c></summary>
internal static class RolloutCommands
{
    public static Command Create(CliContext context) => new("rollout", "The way of services to a revision")
    {
        List(context),
        Inspect(context),
        Steer(context, "pause", "Begin no further task"),
        Steer(context, "resume", "Go on after a pause"),
        Steer(context, "promote", "The canary, or the step, is good: go on"),
        Steer(context, "abort", "Stop, and go back to the newest stable revision if there is one"),
        Steer(context, "retry", "Try again after a failure; earlier failures are forgotten"),
    };

    private static Command List(CliContext context)
    {
        var app = new Option<string?>("--app") { Description = "Only this application's" };
        var all = new Option<bool>("--all") { Description = "Earlier ones too, not only the newest of each service" };
        var json = Printing.JsonOption();
        return new Command("ls", "List rollouts") { app, all, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var filter = parsed.GetValue(app) is { } name ? $"&app={Uri.EscapeDataString(name)}" : "";
            var rollouts = await client.GetAsync($"rollouts?all={(parsed.GetValue(all) ? "true" : "false")}{filter}", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(rollouts);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["SERVICE", "STATE", "FROM", "TO", "STEP", "NEW", "OLD", "FAILED", "STARTED", "WAITS FOR"],
                [.. rollouts.EnumerateArray().Select(rollout => (string[])
                [
                    $"{rollout.Text("app")}/{rollout.Text("service")}", rollout.Text("state"), rollout.Text("from"), rollout.Text("to"), Step(rollout),
                    $"{rollout.Text("done")}/{rollout.Text("replicas")}", rollout.Text("old"), rollout.Text("failed"), context.Ago(rollout.Text("startedAt")), rollout.Text("blocker"),
                ])]);
            return ExitCodes.Done;
        });
    }

    private static Command Inspect(CliContext context)
    {
        var name = new Argument<string>("service") { Description = "web, or shop/web" };
        var revision = new Option<int?>("--revision") { Description = "The rollout to this revision; default: the newest" };
        var json = Printing.JsonOption();
        return new Command("inspect", "Show where a rollout stands, what comes next and what it waits for") { name, revision, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var (app, service) = await Names.FindServiceAsync(client, parsed.GetRequiredValue(name), cancellation);
            var number = parsed.GetValue(revision) is { } wanted ? FormattableString.Invariant($"?revision={wanted}") : "";
            var found = await client.GetAsync($"rollouts/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(service)}{number}", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(found);
                return ExitCodes.Done;
            }

            await PrintAsync(context, found);
            return ExitCodes.Done;
        });
    }

    private static async Task PrintAsync(CliContext context, JsonElement found)
    {
        var rollout = found.GetProperty("rollout");
        var policy = found.GetProperty("policy");
        var from = rollout.Text("from");
        (string Name, string Value)[] lines =
        [
            ("service", $"{rollout.Text("app")}/{rollout.Text("service")}"),
            ("state", $"{rollout.Text("state")}, step {Step(rollout)}"),
            ("revision", $"{(from.Length > 0 ? from + " -> " : "")}{rollout.Text("to")}{(rollout.Text("isRollback") == "yes" ? " (going back)" : "")}"),
            ("tasks", $"{rollout.Text("done")} of {rollout.Text("replicas")} new and ready, {rollout.Text("old")} old, {rollout.Text("failed")} failed"),
            ("next", rollout.Text("next")),
            ("waits for", rollout.Text("blocker")),
            ("deadline", rollout.Text("deadline")),
            ("reason", rollout.Text("message")),
            ("policy", $"{policy.Text("order")}, {policy.Text("parallelism")} at a time, on failure {policy.Text("failureAction")}"),
            ("stable", rollout.Text("stableRevision")),
            ("by", rollout.Text("requestedBy")),
            ("started", context.Ago(rollout.Text("startedAt"))),
        ];
        foreach (var (name, value) in lines.Where(line => line.Value.Length > 0))
        {
            await context.Out.WriteLineAsync($"{name,-9} {value}");
        }
    }

    private static Command Steer(CliContext context, string action, string description)
    {
        var name = new Argument<string>("service") { Description = "web, or shop/web" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command(action, description) { name, timeout, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var (app, service) = await Names.FindServiceAsync(client, parsed.GetRequiredValue(name), cancellation);
            var taken = await client.PostAsync($"rollouts/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(service)}/{action}", new { }, cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), Timeouts.Read(parsed.GetValue(timeout)), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{app}/{service}: {action} accepted");
            }

            return ExitCodes.Done;
        });
    }

    private static string Step(JsonElement rollout) => rollout.Number("steps") == 0 ? "" : $"{rollout.Text("step")}/{rollout.Text("steps")}";
}
