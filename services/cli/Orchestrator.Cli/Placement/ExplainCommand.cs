using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Placement;

/// <summary><c>orch explain</c></summary>
internal static class ExplainCommand
{
    public static Command Create(CliContext context)
    {
        var name = new Argument<string>("task") { Description = "web.2, shop/web.2, a task's id, or a service" };
        var json = Printing.JsonOption();
        return new Command("explain", "Why a task is where it is, or why it waits and what would help") { name, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var (found, isService) = await FindAsync(client, parsed.GetRequiredValue(name), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(found);
            }
            else if (isService)
            {
                await ServiceAsync(context, found);
            }
            else
            {
                await TaskAsync(context, found);
            }

            return ExitCodes.Done;
        });
    }

    private static async Task<(JsonElement Found, bool IsService)> FindAsync(OrchestratorClient client, string name, CancellationToken cancellation)
    {
        if (await Names.TryFindServiceAsync(client, name, cancellation) is { } service)
        {
            return (await client.GetAsync($"services/{Uri.EscapeDataString(service.App)}/{Uri.EscapeDataString(service.Service)}/explanation", cancellation), true);
        }

        var dot = name.LastIndexOf('.');
        if (dot > 0 && int.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            && await Names.TryFindServiceAsync(client, name[..dot], cancellation) is { } of)
        {
            var all = await client.GetAsync($"services/{Uri.EscapeDataString(of.App)}/{Uri.EscapeDataString(of.Service)}/explanation", cancellation);
            var task = all.Items("tasks").LastOrDefault(item => item.GetProperty("slot").GetInt32() == slot);
            return task.ValueKind == JsonValueKind.Object
                ? (task, false)
                : throw new CliException(ExitCodes.NotFound, $"{of.App}/{of.Service} has no task in slot {slot}; see orch ps {of.App}/{of.Service}");
        }

        return (await client.GetAsync($"tasks/{Uri.EscapeDataString(name)}/explanation", cancellation), false);
    }

    private static async Task ServiceAsync(CliContext context, JsonElement service)
    {
        foreach (var reason in service.Items("reasons"))
        {
            await context.Out.WriteLineAsync($"waits: {reason.GetString()}");
        }

        foreach (var change in service.Items("changes"))
        {
            await context.Out.WriteLineAsync($"would help: {change.GetString()}");
        }

        await context.TableAsync(
            ["SLOT", "STATE", "NODE", "WHY"],
            [.. service.Items("tasks").Select(task => (string[]) [task.Text("slot"), task.Text("state"), task.Text("node"), Short(task)])]);
    }

    private static string Short(JsonElement task) =>
        task.GetProperty("nomination").ValueKind == JsonValueKind.Object ? task.GetProperty("nomination").Text("reason")
        : task.Text("waits") == "yes" ? task.Text("message")
        : task.Items("best").FirstOrDefault() is { ValueKind: JsonValueKind.Object } best ? $"score {best.Text("score")}, of {task.Text("nodesLookedAt")} nodes"
        : task.Text("note");

    private static async Task TaskAsync(CliContext context, JsonElement task)
    {
        var head = $"{task.Text("app")}/{task.Text("service")}.{task.Text("slot")} ({Printing.Short(task.Text("taskId"))})";
        var lines = new List<string>
        {
            task.Text("waits") == "yes" ? $"{head} waits for a node{(task.Text("at") is { Length: > 0 } at ? $", as of {context.Ago(at)}" : "")}" : $"{head} is on {task.Text("node")}, {task.Text("state")}",
        };
        if (task.Text("explained") != "yes")
        {
            lines.Add("why was not kept for this task: only for the first of those placed together (Scheduler:ExplainedTasks)");
        }

        lines.AddRange(((string[])[task.Text("note"), task.GetProperty("nomination").ValueKind == JsonValueKind.Object ? task.GetProperty("nomination").Text("reason") : ""]).Where(line => line.Length > 0));
        lines.AddRange(task.Items("refusals").Select(refusal => $"against {refusal.Text("node")}: it {string.Join(" and ", refusal.Items("reasons").Select(reason => reason.GetString()))}"));
        if (task.Text("message") is { Length: > 0 } message && task.Text("waits") != "yes")
        {
            lines.Add(message);
        }

        lines.AddRange(task.Items("lastLines").Select(line => "  | " + line.GetString()));
        if (task.GetProperty("furtherRefusals").GetInt32() is > 0 and var more)
        {
            lines.Add($"{more} more nodes refused");
        }

        lines.AddRange(task.Items("changes").Select(change => $"would help: {change.GetString()}"));
        foreach (var line in lines)
        {
            await context.Out.WriteLineAsync(line);
        }

        if (task.Items("best").Any())
        {
            await context.TableAsync(
                ["NODE", "SCORE", "OF"],
                [.. task.Items("best").Select(node => (string[])
                    [node.Text("node"), node.Text("score"), string.Join(", ", node.Items("parts").Select(part => $"{part.Text("name")} {part.Text("score")} ×{part.Text("weight")}"))])]);
        }
    }
}
