using System.CommandLine;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Tasks;

/// <summary><c>orch ps</c></summary>
internal static class PsCommand
{
    public static Command Create(CliContext context)
    {
        var service = new Argument<string?>("service") { Description = "Only this service's", Arity = ArgumentArity.ZeroOrOne };
        var app = new Option<string?>("--app") { Description = "Only this application's" };
        var all = new Option<bool>("--all", "-a") { Description = "Finished tasks too" };
        var json = Printing.JsonOption();
        return new Command("ps", "List tasks") { service, app, all, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var query = new List<string>();
            if (parsed.GetValue(service) is { } name)
            {
                var found = await Names.FindServiceAsync(client, name, cancellation);
                query.Add($"app={Uri.EscapeDataString(found.App)}");
                query.Add($"service={Uri.EscapeDataString(found.Service)}");
            }
            else if (parsed.GetValue(app) is { } only)
            {
                query.Add($"app={Uri.EscapeDataString(only)}");
            }

            query.Add($"all={(parsed.GetValue(all) ? "true" : "false")}");
            var tasks = await client.GetAsync("tasks?" + string.Join('&', query), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(tasks);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["ID", "APP", "SERVICE", "SLOT", "NODE", "STATE", "READY", "IMAGE", "REV", "PORTS", "SINCE", "MESSAGE"],
                [.. tasks.EnumerateArray().Select(task => (string[])
                [
                    Printing.Short(task.Text("id")), task.Text("app"), task.Text("service"), task.Text("slot"), task.Text("node"), task.Text("nodeLost") == "yes" ? $"{task.Text("state")} (node lost)" : task.Text("state"), task.Text("ready"),
                    task.Text("image"), task.Text("revision"), Printing.Ports(task), context.Ago(task.Text("runningAt") is { Length: > 0 } running ? running : task.Text("createdAt")), task.Text("message"),
                ])]);
            return ExitCodes.Done;
        });
    }
}
