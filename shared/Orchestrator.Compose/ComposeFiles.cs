using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;

namespace Orchestrator.Compose;

/// <summary>What a sender must look up on its own disk before it sends a Compose file. Best effort: the reader finds what is wrong.</summary>
public static class ComposeFiles
{
    /// <summary>Paths that <c>env_file</c> names.</summary>
    /// <param name="text">The Compose file.</param>
    /// <param name="variables">Values for variables in the paths.</param>
    public static IReadOnlyList<string> EnvFilePaths(string text, IReadOnlyDictionary<string, string> variables) =>
    [
        .. from service in Services(text)
           from node in Values(service, "env_file")
           from item in node is YamlList list ? list.Items : [node]
           from path in item is YamlMap ? Values(item, "path") : [item]
           where path is YamlScalar { IsNull: false }
           select Interpolation.Expand(((YamlScalar)path).Value, variables, _ => { }),
    ];

    /// <summary>Names of the variables that the text asks for, by <c>${NAME}</c> or by a name without a value under <c>environment</c>.</summary>
    public static IReadOnlySet<string> VariableNames(string text)
    {
        var passedOn =
            from service in Services(text)
            from node in Values(service, "environment")
            from name in node switch
            {
                YamlMap map => map.Entries.Where(entry => entry.Value is YamlScalar { IsNull: true }).Select(entry => entry.Key.Value),
                YamlList list => list.Items.OfType<YamlScalar>().Select(item => item.Value).Where(item => !item.Contains('=', StringComparison.Ordinal)),
                _ => [],
            }
            select name;
        return Interpolation.Names(text).Concat(passedOn).ToHashSet(StringComparer.Ordinal);
    }

    private static IReadOnlyList<YamlNode> Services(string text)
    {
        try
        {
            return [.. Values(YamlComposer.Compose(text, (_, _, _) => { }), "services").SelectMany(Children)];
        }
        catch (YamlFault)
        {
            return [];
        }
    }

    private static IEnumerable<YamlNode> Values(YamlNode? node, string key) =>
        node is YamlMap map ? map.Entries.Where(entry => entry.Key.Value == key).Select(entry => entry.Value) : [];

    private static IEnumerable<YamlNode> Children(YamlNode node) => node is YamlMap map ? map.Entries.Select(entry => entry.Value) : [];
}
