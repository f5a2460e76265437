using System.Text;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Changes as <c>nft -f -</c> reads them.</summary>
public static class RuleText
{
    /// <summary>A new table's first change, whatever was there before.</summary>
    public static string Whole(string table, IReadOnlyList<RuleOperation> operations) =>
        $"add table ip {table}\ndelete table ip {table}\nadd table ip {table}\n" + Change(table, operations);

    public static string Change(string table, IReadOnlyList<RuleOperation> operations)
    {
        var text = new StringBuilder();
        foreach (var operation in operations)
        {
            Write(text, table, operation);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, string table, RuleOperation operation)
    {
        _ = operation switch
        {
            RuleOperation.AddSet(var name, var set) => AddSet(text, table, name, set),
            RuleOperation.AddChain(var name, null) => text.Append($"add chain ip {table} {name}\n"),
            RuleOperation.AddChain(var name, var hook) => text.Append($"add chain ip {table} {name} {{ {hook}; policy accept; }}\n"),
            RuleOperation.FlushChain(var name) => text.Append($"flush chain ip {table} {name}\n"),
            RuleOperation.AddRules(var chain, var rules) => text.AppendJoin("", rules.Select(rule => $"add rule ip {table} {chain} {rule}\n")),
            RuleOperation.DeleteElements(var set, var keys) => text.Append($"delete element ip {table} {set} {{ ").AppendJoin(", ", keys).Append(" }\n"),
            RuleOperation.AddElements(var set, var elements) => AddElements(text, table, set, elements),
            RuleOperation.DeleteSet(var name, var set) => text.Append($"delete {Kind(set)} ip {table} {name}\n"),
            RuleOperation.DeleteChain(var name) => text.Append($"delete chain ip {table} {name}\n"),
            _ => throw new InvalidOperationException($"{operation} has no text"),
        };
    }

    private static StringBuilder AddSet(StringBuilder text, string table, string name, ElementSet set)
    {
        text.Append($"add {Kind(set)} ip {table} {name} {{ {set.Type}; }}\n");
        return set.Elements.Count > 0 ? AddElements(text, table, name, set.Elements) : text;
    }

    private static StringBuilder AddElements(StringBuilder text, string table, string set, IReadOnlyDictionary<string, string> elements) =>
        text.Append($"add element ip {table} {set} {{ ")
            .AppendJoin(", ", elements.Select(element => element.Value.Length > 0 ? $"{element.Key} : {element.Value}" : element.Key))
            .Append(" }\n");

    private static string Kind(ElementSet set) => set.IsMap ? "map" : "set";
}
