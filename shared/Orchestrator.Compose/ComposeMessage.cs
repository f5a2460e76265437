using System.Globalization;

namespace Orchestrator.Compose;

/// <summary>An error or a warning with its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Key">The way to the key: <c>services.web.deploy.replicas</c>; empty for the file as a whole.</param>
/// <param name="Text">What is wrong, what to write.</param>
public sealed record ComposeMessage(string File, int Line, int Column, string Key, string Text)
{
    public override string ToString() => Key.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Text}")
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Key}: {Text}");
}
