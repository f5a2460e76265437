using System.Text.Json;

namespace Orchestrator.Cli.Http;

/// <summary>Finds the service that somebody means: <c>web</c>, <c>shop/web</c> or <c>shop_web</c>.</summary>
internal static class Names
{
    /// <exception cref="CliException">None or several.</exception>
    public static async Task<(string App, string Service)> FindServiceAsync(OrchestratorClient client, string name, CancellationToken cancellation) =>
        await TryFindServiceAsync(client, name, cancellation)
        ?? throw new CliException(ExitCodes.NotFound, $"there is no service '{name}'; see orch service ls");

    /// <exception cref="CliException">Several.</exception>
    public static async Task<(string App, string Service)?> TryFindServiceAsync(OrchestratorClient client, string name, CancellationToken cancellation)
    {
        var services = (await client.GetAsync("services", cancellation)).EnumerateArray().Select(row => (App: row.Text("app"), Service: row.Text("name"))).ToList();
        var matches = services.Where(service => name == service.Service || name == $"{service.App}/{service.Service}" || name == $"{service.App}_{service.Service}").ToList();
        return matches.Count switch
        {
            0 => null,
            1 => matches[0],
            _ => throw new CliException(ExitCodes.Usage, $"several services are called '{name}'; write {string.Join(" or ", matches.Select(match => $"{match.App}/{match.Service}"))}"),
        };
    }
}
