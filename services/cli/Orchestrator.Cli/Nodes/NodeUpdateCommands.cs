using System.CommandLine;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Nodes;

/// <summary>What people say of a node: <c>orch node label</c>, <c>taint</c>, <c>pool</c>, <c>activate</c>, <c>pause</c>, <c>drain</c>.</summary>
internal static class NodeUpdateCommands
{
    public static IEnumerable<Command> All(CliContext context) =>
    [
        Words(context, "label", "Set labels, or take them away: key=value key-", "KEY=VALUE or KEY-", Labels),
        Words(context, "taint", "Keep tasks away that do not tolerate it: key=value:NoSchedule, or take it away: key-", "KEY=VALUE:EFFECT or KEY-", Taints),
        Words(context, "pool", "Put the node into a pool; - for the agent's own", "POOL or -", words => new { Pool = words is ["-"] ? "" : words.Length == 1 ? words[0] : throw Usage("write one pool, or -") }),
        Words(context, "activate", "Take new tasks again", null, _ => new { Availability = "Active" }),
        Words(context, "pause", "Take no new tasks", null, _ => new { Availability = "Pause" }),
        ConfirmLost(context),
        DrainCommand.Create(context),
    ];

    private static Command Words(CliContext context, string name, string description, string? form, Func<string[], object> body)
    {
        var node = new Argument<string>("node") { Description = "The node's name or id" };
        var words = new Argument<string[]>("change") { Description = form, Arity = ArgumentArity.OneOrMore };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        var command = new Command(name, description) { node, timeout, json };
        if (form is not null)
        {
            command.Arguments.Add(words);
        }

        return command.WithApi(context, async (parsed, client, cancellation) =>
        {
            var change = body(form is null ? [] : parsed.GetRequiredValue(words));
            var taken = await client.PatchAsync($"nodes/{Uri.EscapeDataString(parsed.GetRequiredValue(node))}", change, cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), Timeouts.Read(parsed.GetValue(timeout)), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{parsed.GetRequiredValue(node)}: accepted");
            }

            return ExitCodes.Done;
        });
    }

    private static Command ConfirmLost(CliContext context)
    {
        var names = new Argument<string[]>("node") { Description = "Names or ids", Arity = ArgumentArity.OneOrMore };
        var timeout = Timeouts.Option();
        return new Command("confirm-lost", "Say that nodes are gone: their tasks are replaced though many nodes vanished at once") { names, timeout }.WithApi(context, async (parsed, client, cancellation) =>
        {
            foreach (var name in parsed.GetRequiredValue(names))
            {
                var taken = await client.PatchAsync($"nodes/{Uri.EscapeDataString(name)}", new { ConfirmLost = true }, cancellation);
                await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), Timeouts.Read(parsed.GetValue(timeout)), cancellation);
                await context.Out.WriteLineAsync($"{name}: confirmed; it is declared lost as soon as it is silent for long enough");
            }

            return ExitCodes.Done;
        });
    }

    private static object Labels(string[] words)
    {
        var wrong = words.FirstOrDefault(word => !IsRemoval(word) && word.IndexOf('=', StringComparison.Ordinal) < 1);
        return wrong is null
            ? new
            {
                SetLabels = words.Where(word => !IsRemoval(word)).Select(word => word.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(pair => pair.Key, pair => pair.Last()[1]),
                RemoveLabels = words.Where(IsRemoval).Select(word => word[..^1]),
            }
            : throw Usage($"'{wrong}': write KEY=VALUE, or KEY- to take it away");
    }

    private static object Taints(string[] words) => new
    {
        SetTaints = words.Where(word => !IsRemoval(word)),
        RemoveTaints = words.Where(IsRemoval).Select(word => word[..^1]),
    };

    private static bool IsRemoval(string word) => word.Length > 1 && word.EndsWith('-') && !word.Contains('=', StringComparison.Ordinal);

    private static CliException Usage(string text) => new(ExitCodes.Usage, text);
}
