using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Placement;

/// <summary><c>orch plan</c></summary>
internal static class PlanCommand
{
    public static Command Create(CliContext context)
    {
        var file = new Option<string>("--file", "-f") { Description = "The Compose file; - for standard input", Required = true };
        var app = new Option<string?>("--app") { Description = "The application's name; default: the file's name:" };
        var json = Printing.JsonOption();
        return new Command("plan", "What a deploy would change, and where each new task would go; changes nothing") { file, app, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var request = await DeployFiles.ReadAsync(context, parsed.GetRequiredValue(file), parsed.GetValue(app), planIndex: null, cancellation);
            var plan = await DeployCommand.SendAsync(context, client, "plan", request, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(plan);
            }
            else
            {
                await PrintAsync(context, plan);
            }

            return plan.Items("errors").Any() ? ExitCodes.Failed : ExitCodes.Done;
        });
    }

    private static async Task PrintAsync(CliContext context, JsonElement plan)
    {
        foreach (var warning in plan.Items("warnings"))
        {
            await context.Error.WriteLineAsync("warning: " + warning.GetString());
        }

        foreach (var error in plan.Items("errors"))
        {
            await context.Error.WriteLineAsync(error.GetString());
        }

        foreach (var service in plan.Items("services"))
        {
            foreach (var line in Lines(service))
            {
                await context.Out.WriteLineAsync(line);
            }
        }

        await context.Out.WriteLineAsync($"plan index {plan.Text("index")}: orch deploy --plan-index {plan.Text("index")} does this, unless the application changes meanwhile");
    }

    private static IEnumerable<string> Lines(JsonElement service)
    {
        yield return $"{Sign(service.Text("change"))} {service.Text("name")}: {service.Text("change")}, {service.Text("fromReplicas")} → {service.Text("toReplicas")} replicas";
        foreach (var difference in service.Items("differences"))
        {
            yield return "    " + difference.GetString();
        }

        if (service.Text("stopFirst") is { Length: > 0 } why)
        {
            yield return $"    stop-first ({why}): each task is stopped before its successor starts";
        }

        foreach (var task in service.Items("tasks"))
        {
            yield return $"    {service.Text("name")}.{task.Text("slot")} → {task.Text("node")}{(task.Text("replaces") is { Length: > 0 } old ? $" (in place of {Printing.Short(old)})" : "")}";
        }

        if (service.GetProperty("waiting").GetInt32() is > 0 and var waiting)
        {
            yield return $"    {waiting} would wait: {string.Join("; ", service.Items("reasons").Select(reason => reason.GetString()))}";
            foreach (var change in service.Items("changes"))
            {
                yield return "    would help: " + change.GetString();
            }
        }
    }

    private static string Sign(string change) => change switch
    {
        "Create" => "+",
        "Remove" => "-",
        "None" => " ",
        _ => "~",
    };
}
