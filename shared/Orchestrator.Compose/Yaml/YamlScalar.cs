namespace Orchestrator.Compose.Yaml;

/// <param name="Quoted">Written in quotes or as a block: always text.</param>
internal sealed record YamlScalar(int Line, int Column, string Value, bool Quoted) : YamlNode(Line, Column, 1)
{
    public bool IsNull => !Quoted && (Value is "" or "~" or "null" or "Null" or "NULL");

    public override string Kind => IsNull ? "nothing" : $"'{(Value.Length > 40 ? Value[..40] + "…" : Value)}'";
}
