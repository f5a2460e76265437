using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Orphans;

/// <summary><c>orch orphans</c>: containers of the cluster that no stored task knows.</summary>
internal static class OrphanCommands
{
    public static Command Create(CliContext context) => new("orphans", "Containers of this cluster that nobody knows, after a restart on an older state")
    {
        List(context),
        Decide(context, "adopt", "Make them tasks of their services, which replace them where they are not as wanted", ids => new { AdoptOrphans = ids }),
        Decide(context, "stop", "Stop them", ids => new { StopOrphans = ids }),
    };

    private static Command List(CliContext context)
    {
        var json = Printing.JsonOption();
        return new Command("ls", "List them") { json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var orphans = await client.GetAsync("orphans", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(orphans);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["ID", "NODE", "SERVICE", "REVISION", "SEEN", "WHY IT WAS NOT TAKEN OVER"],
                [.. orphans.EnumerateArray().Select(orphan => (string[])
                    [Printing.Short(orphan.Text("taskId")), orphan.Text("node"), $"{orphan.Text("app")}/{orphan.Text("service")}.{orphan.Text("slot")}", orphan.Text("revision"), context.Ago(orphan.Text("seenAt")), orphan.Text("reason")])]);
            return ExitCodes.Done;
        });
    }

    private static Command Decide(CliContext context, string name, string description, Func<string[], object> body)
    {
        var ids = new Argument<string[]>("id") { Description = "Ids, or their first letters", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All of them" };
        var timeout = Timeouts.Option();
        return new Command(name, description) { ids, all, timeout }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var orphans = (await client.GetAsync("orphans", cancellation)).EnumerateArray().ToList();
            var chosen = Choose(orphans, parsed.GetValue(ids) ?? [], parsed.GetValue(all));
            foreach (var node in chosen.GroupBy(orphan => orphan.Text("nodeId")))
            {
                var taken = await client.PatchAsync($"nodes/{Uri.EscapeDataString(node.Key)}", body([.. node.Select(orphan => orphan.Text("taskId"))]), cancellation);
                await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), Timeouts.Read(parsed.GetValue(timeout)), cancellation);
            }

            await context.Out.WriteLineAsync($"{chosen.Count} containers: {name} accepted");
            return ExitCodes.Done;
        });
    }

    private static List<JsonElement> Choose(List<JsonElement> orphans, string[] ids, bool all)
    {
        if (all == ids.Length > 0)
        {
            throw new CliException(ExitCodes.Usage, "name ids, or write --all");
        }

        return all ? orphans : [.. ids.SelectMany(id => orphans.Where(orphan => orphan.Text("taskId").StartsWith(id, StringComparison.Ordinal)).ToList() is { Count: > 0 } found
            ? found
            : throw new CliException(ExitCodes.NotFound, $"there is no orphan '{id}'; see orch orphans ls"))];
    }
}
