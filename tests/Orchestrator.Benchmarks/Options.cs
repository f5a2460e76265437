using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>What stands after a benchmark's name: <c>--nodes 100 --swarm</c>.</summary>
internal sealed class Options(IReadOnlyList<string> given)
{
    public bool Has(string name) => given.Contains(name);

    public string? Text(string name) => given.SkipWhile(word => word != name).Skip(1).FirstOrDefault();

    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
