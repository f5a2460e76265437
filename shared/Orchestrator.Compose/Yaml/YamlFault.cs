namespace Orchestrator.Compose.Yaml;

/// <summary>The file cannot be read any further.</summary>
internal sealed class YamlFault(int line, int column, string text) : Exception(text)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}
