namespace Orchestrator.Contracts;

/// <summary>How a service names another: by its name in the same application, as <c>app/service</c> in another.</summary>
public static class ServiceReference
{
    /// <returns><c>app/service</c>.</returns>
    public static string Full(string app, string reference) => AppOf(reference) is null ? $"{app}/{reference}" : reference;

    /// <returns>The other application's name; null: it is the same application.</returns>
    public static string? AppOf(string reference) => reference.IndexOf('/') is > 0 and var slash ? reference[..slash] : null;

    /// <returns>As services of the application name it.</returns>
    public static string Seen(string app, string full) => full.StartsWith(app + "/", StringComparison.Ordinal) ? full[(app.Length + 1)..] : full;

    public static bool IsOfAnother(string reference) => AppOf(reference) is { } app && NameRules.IsName(app) && NameRules.IsName(reference[(app.Length + 1)..]);
}
