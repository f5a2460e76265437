using System.Text.RegularExpressions;

namespace Orchestrator.Contracts;

/// <summary>Names of applications and services, and their aliases: each is a label that DNS knows.</summary>
public static partial class NameRules
{
    public static bool IsName(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,62}\z")]
    private static partial Regex Name();
}
