namespace Orchestrator.Compose.Yaml;

/// <summary>A piece of the file with its position, from 1. <see cref="Size"/> counts it with all that aliases in it stand for.</summary>
internal abstract record YamlNode(int Line, int Column, int Size)
{
    /// <summary>For messages: what it is.</summary>
    public abstract string Kind { get; }
}
