namespace Orchestrator.Compose.Yaml;

/// <summary>Keys are unique; merge keys are applied.</summary>
internal sealed record YamlMap(int Line, int Column, int Size, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries) : YamlNode(Line, Column, Size)
{
    public override string Kind => "a map";
}
