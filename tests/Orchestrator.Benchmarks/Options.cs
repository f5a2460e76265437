using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>What stands after a benchmark's name: <c>--nodes 100</c>.</summary>
internal sealed class Options(IReadOnlyList<string> given)
{
    private readonly Dictionary<string, string> _given = given.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);

    public string? Text(string name) => _given.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => _given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
