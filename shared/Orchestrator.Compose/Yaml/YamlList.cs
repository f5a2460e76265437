namespace Orchestrator.Compose.Yaml;

internal sealed record YamlList(int Line, int Column, int Size, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column, Size)
{
    public override string Kind => "a list";
}
