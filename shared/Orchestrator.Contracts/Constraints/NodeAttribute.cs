namespace Orchestrator.Contracts;

/// <summary>Something that nodes differ in: <c>node.labels.zone</c>.</summary>
/// <param name="Label">The label's name; empty for the other kinds.</param>
public sealed record NodeAttribute(NodeAttributeKind Kind, string Label = "")
{
    public const string Known = "node.id, node.hostname, node.role, node.platform.os, node.platform.arch, node.labels.NAME or engine.labels.NAME";

    private const string LabelPrefix = "node.labels.";
    private const string EngineLabelPrefix = "engine.labels.";

    /// <summary>Each node is on its own in it.</summary>
    public bool IsTheNodeItself => Kind is NodeAttributeKind.Id or NodeAttributeKind.HostName;

    /// <summary>As it is written; and for a label, what people call it.</summary>
    public string ShortName => Label.Length > 0 ? Label : ToString();

    /// <returns>Null where there is no such attribute.</returns>
    public static NodeAttribute? Parse(string text) => text.ToLowerInvariant() switch
    {
        "node.id" => new(NodeAttributeKind.Id),
        "node.hostname" => new(NodeAttributeKind.HostName),
        "node.role" => new(NodeAttributeKind.Role),
        "node.platform.os" => new(NodeAttributeKind.Os),
        "node.platform.arch" => new(NodeAttributeKind.Architecture),
        var lower when lower.StartsWith(LabelPrefix, StringComparison.Ordinal) && text.Length > LabelPrefix.Length =>
            new(NodeAttributeKind.Label, text[LabelPrefix.Length..]),
        var lower when lower.StartsWith(EngineLabelPrefix, StringComparison.Ordinal) && text.Length > EngineLabelPrefix.Length =>
            new(NodeAttributeKind.EngineLabel, text[EngineLabelPrefix.Length..]),
        _ => null,
    };

    public override string ToString() => Kind switch
    {
        NodeAttributeKind.Id => "node.id",
        NodeAttributeKind.HostName => "node.hostname",
        NodeAttributeKind.Role => "node.role",
        NodeAttributeKind.Os => "node.platform.os",
        NodeAttributeKind.Architecture => "node.platform.arch",
        NodeAttributeKind.Label => LabelPrefix + Label,
        _ => EngineLabelPrefix + Label,
    };
}
