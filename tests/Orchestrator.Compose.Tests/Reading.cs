namespace Orchestrator.Compose.Tests;

internal static class Reading
{
    public static ComposeResult Read(string text, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null) => ComposeReader.Read(new ComposeInput
    {
        Text = text,
        AppName = "shop",
        Variables = variables ?? new Dictionary<string, string>(),
        Files = files ?? new Dictionary<string, string>(),
    });

    /// <summary>One service with these lines.</summary>
    public static string Service(params string[] lines) =>
        "services:\n  web:\n    image: web:1\n" + string.Concat(lines.Select(line => "    " + line + "\n"));

    public static Contracts.ServiceSpec OnlyService(string text, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null)
    {
        var result = Read(text, variables, files);
        Assert.Empty(result.Errors);
        return Assert.Single(result.Spec!.Services);
    }
}
